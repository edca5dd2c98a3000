"""What can go wrong, as exceptions: one for each of the server's codes, and what happens on the way there."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_FIELD: Final = re.compile(r"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)(?:$|: )")
"""How a refusal names the field that was wrong: `client_id`, or `client_id: what is wrong`."""


class ParlanceError(Exception):
    """Whatever this package raises on purpose."""


class Closed(ParlanceError):
    """The client was closed, so there will be no answer."""


class Unreachable(ParlanceError):
    """No server of those that were named could be reached in time, or none let this client in."""


class Replaced(ParlanceError):
    """The same client logged in on the same device elsewhere. Coming back would only throw the other out."""


class TooMuchWaiting(ParlanceError):
    """As many requests as are allowed wait for their answers already."""


class FrameTooLarge(ParlanceError):
    """What was to be sent is larger than the server takes in one piece."""


class FileTooLarge(ParlanceError):
    """What lies at an address is larger than was to be read."""


class Refused(ParlanceError):
    """The server said no, and changed nothing."""

    def __init__(self, code: int, words: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(f"{words} (code {code})")
        self.code = code
        """The server's number for it."""
        self.words = words
        """What the server said was wrong."""
        self.status = status
        """That of the HTTP answer, if it came over REST."""
        self.retry_after = retry_after
        """Seconds after which to try again, if the server said so."""

    @property
    def field(self) -> str | None:
        """The field that was wrong, if the server named one."""
        # Over REST the words of the document's table come first.
        words = self.words if self.status is None else self.words.partition(": ")[2]
        found = _FIELD.match(words)
        return None if found is None else found[1]


class NotLoggedIn(Refused):
    """The credential was refused: unknown app, wrong key, or a token that is wrong or has expired."""


class Forbidden(Refused):
    """The token speaks for somebody else, or the call takes the server key."""


class NotFound(Refused):
    """There is nothing at this address: another server, or a dialect that is switched off."""


class Unavailable(Refused):
    """The server, or what it needs, cannot do it just now."""


class ServerFailed(Refused):
    """A fault on the server's side."""


class UnknownUser(Refused):
    """211: no such user."""


class BadUserId(Refused):
    """212: a `unique_id` takes ASCII letters and digits only."""


class Banned(Refused):
    """213: the account is banned."""


class MissingField(Refused):
    """4001: a required field is missing."""


class MissingApp(Refused):
    """4002: the request names no app."""


class UnknownConversation(Refused):
    """4011: no such conversation, or no longer, or another app's."""


class UnknownMessage(Refused):
    """4012: no such message."""


class NotAMember(Refused):
    """4013: not a member of the conversation."""


class NotPermitted(Refused):
    """4014: not permitted."""


class RateLimited(Refused):
    """4029: too many; `retry_after` says when to try again."""


class WrongKind(Refused):
    """4405: not with this kind of conversation."""


class BadFormat(Refused):
    """4406: something is not as it should be, or over a limit."""


class WrongFile(Refused):
    """4601: a file that is empty, not allowed, or not what its name says."""


BY_CODE: Final[Mapping[int, type[Refused]]] = MappingProxyType(
    {
        211: UnknownUser,
        212: BadUserId,
        213: Banned,
        4001: MissingField,
        4002: MissingApp,
        4011: UnknownConversation,
        4012: UnknownMessage,
        4013: NotAMember,
        4014: NotPermitted,
        4029: RateLimited,
        4405: WrongKind,
        4406: BadFormat,
        4601: WrongFile,
    }
)
"""What has a number of its own."""
BY_STATUS: Final[Mapping[int, type[Refused]]] = MappingProxyType(
    {401: NotLoggedIn, 403: Forbidden, 404: NotFound, 413: BadFormat, 502: Unavailable, 503: Unavailable}
)
"""What has none (code 1), by its HTTP status."""


def refused(code: int, words: str, *, status: int | None = None, retry_after: float | None = None) -> Refused:
    """The exception for a refusal."""
    kind = BY_CODE.get(code)
    if kind is None and status is not None:
        kind = BY_STATUS.get(status, ServerFailed if status >= 500 else Refused)
    return (kind or Refused)(code, words, status=status, retry_after=retry_after)
