"""What the events of a transaction mean for the groups that a provider keeps."""

from collections.abc import Iterable

import msgspec

from parlance.core.model.conversation import Conversation
from parlance.core.model.events import ConversationDeleted, ConversationUpdated, Event, MembersJoined, MembersLeft
from parlance.kernel.ids import AppId, ClientId


class GroupNews(msgspec.Struct, frozen=True):
    """What happens to one group. Said again, it changes nothing."""

    app_id: AppId
    group_id: int
    name: str
    joined: frozenset[ClientId] = frozenset()
    left: frozenset[ClientId] = frozenset()
    made: bool = False
    """Nobody was in it before."""
    renamed: bool = False
    ended: bool = False
    by: ClientId | None = None
    """Who ended it."""

    @property
    def people(self) -> frozenset[ClientId]:
        """Whose numbers are needed to tell it."""
        return self.joined | self.left | (frozenset() if self.by is None else frozenset((self.by,)))


def group_news(events: Iterable[Event]) -> list[GroupNews]:
    """The news of numbered groups, one for each, in the order in which they first come up."""
    found: dict[tuple[AppId, int], GroupNews] = {}
    for event in events:
        if not isinstance(event, MembersJoined | MembersLeft | ConversationUpdated | ConversationDeleted):
            continue
        conversation = event.conversation
        if conversation.group_id is not None:
            key = (conversation.app_id, conversation.group_id)
            found[key] = _and_then(found.get(key) or _nothing_about(conversation, conversation.group_id), event)
    return list(found.values())


def _nothing_about(conversation: Conversation, group_id: int) -> GroupNews:
    return GroupNews(conversation.app_id, group_id, conversation.name)


def _and_then(
    news: GroupNews, event: MembersJoined | MembersLeft | ConversationUpdated | ConversationDeleted
) -> GroupNews:
    replace = msgspec.structs.replace
    match event:
        case MembersJoined():
            joined = frozenset(event.standings)
            made = news.made or joined.issuperset(event.audience)
            return replace(news, joined=news.joined | joined, left=news.left - joined, made=made)
        case MembersLeft():
            left = frozenset(event.client_ids)
            return replace(news, joined=news.joined - left, left=news.left | left)
        case ConversationUpdated():
            return replace(news, name=event.conversation.name, renamed=True)
        case ConversationDeleted():
            return replace(news, ended=True, by=event.by)
