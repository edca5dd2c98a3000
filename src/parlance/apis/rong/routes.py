"""Every address of the rong dialect."""

from typing import Any

from parlance.apis.rong import groups, members, tokens
from parlance.apis.rong.envelope import Detail
from parlance.apis.rong.pages import PageWanted, Results
from parlance.core.actions.catalogue import Actions
from parlance.kernel.faults import FaultCode as F
from parlance.web.routes import Nothing, Route, Source

FORM = Source.BODY_OR_FORM
QUERY = Source.QUERY
GONE = (F.UNKNOWN_CONVERSATION, F.NOT_A_MEMBER)
BEHIND = (F.PROVIDER_FAILED,)


def table(actions: Actions, receive: groups.Receive, public_url: str, largest_body: int) -> tuple[Route[Any], ...]:
    """The dialect's calls, in the order in which they are read about."""
    of_groups = groups.Groups(actions, receive, public_url, largest_body)
    of_members, of_tokens = members.Members(actions, public_url), tokens.Tokens(actions)

    # fmt: off
    # ruff: noqa: E501
    return (
        Route("GET", "/api/im/token/", of_tokens.show, tokens.SHOW, tokens.KeyAsked, tokens.KeyShown, QUERY, faults=(F.UNKNOWN_CLIENT, *BEHIND)),
        Route("POST", "/api/im/group/", of_groups.create, groups.CREATE, groups.GroupAsked, groups.GroupShown, FORM, files=("cover",), status=201, faults=(F.WRONG_IMAGE, F.UNKNOWN_CLIENT, *BEHIND)),
        Route("GET", "/api/im/group/", of_groups.list, groups.LIST, PageWanted, Results[groups.GroupShown], QUERY),
        Route("POST", "/api/im/group/{id}/join/", of_members.join, members.JOIN, members.JoinAsked, members.Joined, FORM, faults=(*GONE, F.UNKNOWN_CLIENT, F.FULL, *BEHIND)),
        Route("POST", "/api/im/group/{id}/invite/", of_members.invite, members.INVITE, members.InviteAsked, groups.GroupShown, FORM, faults=(F.UNKNOWN_CONVERSATION, F.UNKNOWN_CLIENT, F.WRONG_CODE, F.RATE_LIMITED, F.FULL, *BEHIND)),
        Route("GET", "/api/im/group/{id}/quit/", of_members.quit, members.QUIT, Nothing, Detail, head=False, faults=(*GONE, F.OWNER_STAYS, *BEHIND)),
        Route("POST", "/api/im/group/{id}/quit/", of_members.quit, members.QUIT, Nothing, Detail, faults=(*GONE, F.OWNER_STAYS, *BEHIND)),
        Route("GET", "/api/im/group/{id}/users/", of_members.users, members.USERS, PageWanted, Results[members.MemberShown], QUERY, faults=GONE),
        Route("GET", "/api/im/group/{id}/dismiss/", of_groups.dismiss, groups.DISMISS, Nothing, Detail, head=False, faults=(*GONE, F.NOT_PERMITTED, *BEHIND)),
        Route("POST", "/api/im/group/{id}/dismiss/", of_groups.dismiss, groups.DISMISS, Nothing, Detail, faults=(*GONE, F.NOT_PERMITTED, *BEHIND)),
        Route("GET", "/api/im/retrieve/{id}/", of_groups.retrieve, groups.RETRIEVE, Nothing, groups.GroupShown, public=True, faults=(F.UNKNOWN_CONVERSATION, F.BAD_CREDENTIAL, F.BANNED, F.INTERNAL, F.UNAVAILABLE)),
    )
