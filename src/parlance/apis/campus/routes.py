"""Every address of the campus dialect, both revisions."""

from typing import Any

from parlance.apis.campus import group_lists, groups, members, organisations, signatures
from parlance.apis.campus.faults import CREATE_FAILED, NOT_ADDED, NOT_REMOVED, UPDATE_FAILED
from parlance.core.actions.catalogue import Actions
from parlance.kernel.faults import FaultCode as F
from parlance.web.routes import Nothing, Route, Source

FORM = Source.BODY_OR_FORM
QUERY = Source.QUERY
NO_CONTENT = None

SIGNING = (F.FOREIGN_CLIENT,)
MANAGING = (F.UNKNOWN_CONVERSATION, F.NOT_PERMITTED)
WRITING = (F.KEY_REQUIRED, F.UNKNOWN_ORGANISATION)

CREATING = {F.UNKNOWN_CLIENT: CREATE_FAILED, F.BANNED: CREATE_FAILED}
UPDATING = {F.FULL: UPDATE_FAILED}
ADDING = {F.UNKNOWN_CLIENT: NOT_ADDED, F.BANNED: NOT_ADDED}
REMOVING = {F.UNKNOWN_CLIENT: NOT_REMOVED}


def table(actions: Actions) -> tuple[Route[Any], ...]:
    """The dialect's calls, in the order in which they are read about."""
    of_signatures = signatures.Signatures(actions)
    of_groups, of_lists = groups.Groups(actions), group_lists.GroupLists(actions)
    of_members, of_organisations = members.Members(actions), organisations.Organisations(actions)

    # fmt: off
    # ruff: noqa: E501
    return (
        Route("GET", "/im/signature/login/{app_id}/{client_id}", of_signatures.login, signatures.LOGIN, Nothing, signatures.LoginSigned, faults=SIGNING),
        Route("GET", "/im/signature/conversation/{app_id}/{client_id}/{sorted_member_ids}", of_signatures.conversation, signatures.CONVERSATION, Nothing, signatures.ConversationSigned, faults=SIGNING),
        Route("GET", "/im/signature/conversation/{app_id}/{client_id}", of_signatures.conversation, signatures.CONVERSATION, Nothing, signatures.ConversationSigned, faults=SIGNING),
        Route("GET", "/im/signature/invite/{app_id}/{client_id}/{conversation_id}/{sorted_member_ids}", of_signatures.invite, signatures.INVITE, Nothing, signatures.ChangeSigned, faults=SIGNING),
        Route("GET", "/im/signature/invite/{app_id}/{client_id}/{conversation_id}", of_signatures.invite, signatures.INVITE, Nothing, signatures.ChangeSigned, faults=SIGNING),
        Route("GET", "/im/signature/kick/{app_id}/{client_id}/{conversation_id}/{sorted_member_ids}", of_signatures.kick, signatures.KICK, Nothing, signatures.ChangeSigned, faults=SIGNING),
        Route("GET", "/im/signature/kick/{app_id}/{client_id}/{conversation_id}", of_signatures.kick, signatures.KICK, Nothing, signatures.ChangeSigned, faults=SIGNING),
        Route("GET", "/signature/login/{app_id}/{client_id}", of_signatures.login, signatures.LOGIN, Nothing, signatures.LoginSigned, faults=SIGNING),
        Route("GET", "/signature/conversion/{app_id}/{client_id}/{sorted_member_ids}", of_signatures.conversation, signatures.CONVERSATION, Nothing, signatures.ConversationSigned, faults=SIGNING),
        Route("GET", "/signature/conversion/{app_id}/{client_id}", of_signatures.conversation, signatures.CONVERSATION, Nothing, signatures.ConversationSigned, faults=SIGNING),
        Route("GET", "/signature/invite/{app_id}/{client_id}/{conversion_id}/{sorted_member_ids}", of_signatures.invite_first, signatures.INVITE_FIRST, Nothing, signatures.ConversionSigned, faults=SIGNING),
        Route("GET", "/signature/invite/{app_id}/{client_id}/{conversion_id}", of_signatures.invite_first, signatures.INVITE_FIRST, Nothing, signatures.ConversionSigned, faults=SIGNING),
        Route("GET", "/signature/kick/{app_id}/{client_id}/{conversation_id}/{sorted_member_ids}", of_signatures.kick, signatures.KICK, Nothing, signatures.ChangeSigned, faults=SIGNING),
        Route("GET", "/signature/kick/{app_id}/{client_id}/{conversation_id}", of_signatures.kick, signatures.KICK, Nothing, signatures.ChangeSigned, faults=SIGNING),
        Route("POST", "/im/group", of_groups.create, groups.CREATE, groups.GroupAsked, groups.GroupMade, FORM, status=201, faults=(F.FOREIGN_CLIENT, F.NOT_PERMITTED, F.NOT_A_MEMBER, F.WRONG_KIND, F.UNKNOWN_CLIENT, F.FULL, F.PROVIDER_FAILED), otherwise=CREATING),
        Route("GET", "/im/group/{group_id}", of_lists.show, group_lists.SHOW, group_lists.WhoAsks, group_lists.GroupDetail | group_lists.GroupDetailFor, QUERY, faults=(F.UNKNOWN_CONVERSATION, F.FOREIGN_CLIENT)),
        Route("PUT", "/im/group/{group_id}", of_groups.update, groups.UPDATE, groups.ChangeAsked, groups.GroupChanged, FORM, faults=(*MANAGING, F.FULL, F.PROVIDER_FAILED), otherwise=UPDATING),
        Route("DELETE", "/im/group/{group_id}", of_groups.delete, groups.DELETE, Nothing, NO_CONTENT, status=204, faults=(*MANAGING, F.PROVIDER_FAILED)),
        Route("DELETE", "/im/user/{uid}/group/{group_id}", of_groups.dissolve, groups.DISSOLVE, Nothing, NO_CONTENT, status=204, faults=(*MANAGING, F.FOREIGN_CLIENT, F.PROVIDER_FAILED)),
        Route("GET", "/im/org/{organization_id}/groups", of_lists.list_organisations, group_lists.LIST_ORGANISATIONS, group_lists.PageOfGroups, group_lists.GroupList, QUERY, faults=(F.UNKNOWN_ORGANISATION,)),
        Route("GET", "/im/groups", of_lists.list_all, group_lists.LIST_ALL, group_lists.PageOfGroups, group_lists.GroupList, QUERY),
        Route("GET", "/im/user/{client_id}/groups", of_lists.list_own, group_lists.LIST_OWN, Nothing, group_lists.OwnGroups, faults=(F.FOREIGN_CLIENT,)),
        Route("POST", "/im/group/{group_id}/member", of_members.add, members.ADD, members.MembersAsked, members.MembersAdded, FORM, status=201, faults=(F.UNKNOWN_CONVERSATION, F.NOT_A_MEMBER, F.NOT_PERMITTED, F.UNKNOWN_CLIENT, F.FULL, F.PROVIDER_FAILED), otherwise=ADDING),
        Route("DELETE", "/im/group/{group_id}/member/{client_id}", of_members.remove, members.REMOVE, Nothing, NO_CONTENT, status=204, faults=(*MANAGING, F.NOT_A_MEMBER, F.UNKNOWN_CLIENT, F.OWNER_STAYS, F.PROVIDER_FAILED), otherwise=REMOVING),
        Route("DELETE", "/im/group/{group_id}/member", of_members.remove_some, members.REMOVE_SOME, members.MembersAsked, NO_CONTENT, FORM, status=204, faults=(*MANAGING, F.NOT_A_MEMBER, F.UNKNOWN_CLIENT, F.OWNER_STAYS, F.PROVIDER_FAILED), otherwise=REMOVING),
        Route("POST", "/im/user/{client_id}/group/{group_id}/join_group_notification", of_members.ask, members.ASK, Nothing, members.Said, status=201, faults=(F.UNKNOWN_CONVERSATION, F.ALREADY_MEMBER, F.FOREIGN_CLIENT, F.UNKNOWN_CLIENT)),
        Route("GET", "/im/org/{organization_id}/contacts", of_organisations.contacts, organisations.CONTACTS, Nothing, organisations.ContactList, faults=(F.UNKNOWN_ORGANISATION,)),
        Route("POST", "/im/org/{class_id}/message", of_organisations.notify, organisations.NOTIFY, organisations.NoticeAsked, organisations.Noticed, FORM, status=201, faults=(F.UNKNOWN_ORGANISATION, F.NOT_PERMITTED, F.ALREADY_NOTIFIED)),
        Route("PUT", "/im/org/{organization_id}", of_organisations.put, organisations.PUT, organisations.OrganisationAsked, organisations.OrganisationShown, FORM, faults=WRITING),
        Route("DELETE", "/im/org/{organization_id}", of_organisations.delete, organisations.DELETE, Nothing, NO_CONTENT, status=204, faults=WRITING),
        Route("PUT", "/im/org/{organization_id}/class/{class_id}", of_organisations.put_class, organisations.PUT_CLASS, organisations.ClassAsked, organisations.ClassShown, FORM, faults=WRITING),
        Route("DELETE", "/im/org/{organization_id}/class/{class_id}", of_organisations.delete_class, organisations.DELETE_CLASS, Nothing, NO_CONTENT, status=204, faults=WRITING),
        Route("PUT", "/im/org/{organization_id}/member/{client_id}", of_organisations.put_person, organisations.PUT_PERSON, organisations.PersonAsked, organisations.PersonShown, FORM, faults=(*WRITING, F.UNKNOWN_CLIENT)),
        Route("DELETE", "/im/org/{organization_id}/member/{client_id}", of_organisations.delete_person, organisations.DELETE_PERSON, Nothing, NO_CONTENT, status=204, faults=(*WRITING, F.UNKNOWN_CLIENT)),
    )
