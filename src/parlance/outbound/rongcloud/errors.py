"""What RongCloud answers when it does not do what it was asked, and what we make of it."""

from enum import Enum, IntEnum
from http import HTTPStatus


class Reaction(Enum):
    """What a refusal calls for."""

    FAIL_OVER = "ask again, elsewhere"
    BACK_OFF = "ask again, later"
    GIVE_UP = "we asked for something wrong: a bug of ours"
    ALARM = "an operator must look: key, secret, clock, or what was ordered"
    FULL = "the group takes no more"


class Code(IntEnum):
    """RongCloud's codes."""

    OK = 200
    UNKNOWN_PATH = 404
    GROUP_FULL = 405
    INTERNAL = 1000
    WRONG_SECRET = 1001
    BAD_PARAMETER = 1002
    EMPTY_POST = 1003
    WRONG_SIGNATURE = 1004
    TOO_LONG = 1005
    APP_LOCKED = 1006
    NOT_ALLOWED = 1007
    TOO_MANY_CALLS = 1008
    NOT_ENABLED = 1009
    INNER_TIMEOUT = 1050
    WRONG_TYPE = 1501
    TOO_MANY_ITEMS = 1502
    BODY_TOO_LARGE = 1508
    TOO_MANY_USERS = 2007


_REACTIONS = {
    Code.INTERNAL: Reaction.FAIL_OVER,
    Code.INNER_TIMEOUT: Reaction.FAIL_OVER,
    Code.TOO_MANY_CALLS: Reaction.BACK_OFF,
    Code.GROUP_FULL: Reaction.FULL,
    Code.WRONG_SECRET: Reaction.ALARM,
    Code.WRONG_SIGNATURE: Reaction.ALARM,
    Code.APP_LOCKED: Reaction.ALARM,
    Code.NOT_ALLOWED: Reaction.ALARM,
    Code.NOT_ENABLED: Reaction.ALARM,
    Code.TOO_MANY_USERS: Reaction.ALARM,
    Code.UNKNOWN_PATH: Reaction.ALARM,
}


def reaction_to(code: int, status: int) -> Reaction:
    """What an answer calls for; a code that nobody has heard of is judged by its HTTP status."""
    known = _REACTIONS.get(Code(code)) if code in Code.__members__.values() else None
    if known is not None:
        return known
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Reaction.FAIL_OVER
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Reaction.BACK_OFF
    return Reaction.GIVE_UP


class Unanswered(Exception):
    """No answer came: RongCloud may or may not have done it. `sent`: whether it can have heard of it at all."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


class Nonsense(Exception):
    """An answer came that is none: no JSON, or without a code. Nothing is known about what was done."""


class TooFast(Exception):
    """We did not even ask: as often as we may ask, we have asked."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"over RongCloud's limit for {seconds:.1f} s")
        self.seconds = seconds


class Refused(Exception):
    """RongCloud said no."""

    def __init__(self, code: int, status: int) -> None:
        name = Code(code).name.lower().replace("_", " ") if code in Code.__members__.values() else "unknown code"
        super().__init__(f"RongCloud answered {code} ({name})")
        self.code = code
        self.status = status
        self.reaction = reaction_to(code, status)
