"""Every address of the clinic dialect. Two are misspelt in its document, and work rightly spelt as well."""

from typing import Any

from parlance.apis.clinic import conversations, groups, messages
from parlance.apis.clinic.envelope import Done
from parlance.core.actions.catalogue import Actions
from parlance.kernel.faults import FaultCode as F
from parlance.web.routes import Route, Source

BODY = Source.BODY


def table(actions: Actions) -> tuple[Route[Any], ...]:
    """The dialect's calls, in the order of its document."""
    of_conversations = conversations.Conversations(actions)
    of_messages, of_groups = messages.Messages(actions), groups.Groups(actions)

    # fmt: off
    # ruff: noqa: E501
    return (
        Route("POST", "/im/conv/list", of_conversations.list, conversations.LIST, conversations.ListWanted, list[conversations.ClinicConversation], BODY, faults=(F.FOREIGN_CLIENT, F.UNKNOWN_CLIENT)),
        Route("POST", "/im/conv/{conv_id}", of_messages.of_conversation, messages.LIST, messages.PageWanted, list[messages.ClinicMessage], BODY, faults=(F.FOREIGN_CLIENT, F.UNKNOWN_CONVERSATION)),
        Route("POST", "/im/from/to", of_messages.of_two, messages.LIST_OF_TWO, messages.PageOfTwoWanted, list[messages.ClinicMessage], BODY, faults=(F.FOREIGN_CLIENT, F.WRONG_KIND, F.UNKNOWN_CLIENT)),
        Route("POST", "/im/send/msg", of_messages.send, messages.SEND, messages.MessageToSend, Done | messages.ClinicMessage, BODY, faults=(F.FOREIGN_CLIENT, F.UNKNOWN_CONVERSATION, F.WRONG_KIND, F.UNKNOWN_CLIENT, F.NOT_PERMITTED, F.RATE_LIMITED)),
        Route("POST", "/im/creat/group", of_groups.create, groups.CREATE, groups.GroupWanted, Done | groups.ClinicGroup, BODY, faults=(F.FOREIGN_CLIENT, F.UNKNOWN_CLIENT, F.FULL)),
        Route("POST", "/im/create/group", of_groups.create, groups.CREATE, groups.GroupWanted, Done | groups.ClinicGroup, BODY, faults=(F.FOREIGN_CLIENT, F.UNKNOWN_CLIENT, F.FULL)),
        Route("POST", "/im/add/group/merber", of_groups.add, groups.ADD, groups.MembersToAdd, Done | groups.ClinicMembers, BODY, faults=(F.UNKNOWN_CONVERSATION, F.WRONG_KIND, F.UNKNOWN_CLIENT, F.NOT_PERMITTED, F.FULL)),
        Route("POST", "/im/add/group/member", of_groups.add, groups.ADD, groups.MembersToAdd, Done | groups.ClinicMembers, BODY, faults=(F.UNKNOWN_CONVERSATION, F.WRONG_KIND, F.UNKNOWN_CLIENT, F.NOT_PERMITTED, F.FULL)),
        Route("POST", "/im/group/{conv_id}/list", of_groups.list, groups.LIST, groups.MembersWanted, list[groups.ClinicMember], BODY, faults=(F.UNKNOWN_CONVERSATION,)),
        Route("POST", "/im/group/{conv_id}/alias", of_groups.alias, groups.ALIAS, groups.AliasToSet, Done | groups.ClinicMember, BODY, faults=(F.UNKNOWN_CONVERSATION, F.UNKNOWN_CLIENT, F.WRONG_KIND, F.NOT_PERMITTED)),
    )
