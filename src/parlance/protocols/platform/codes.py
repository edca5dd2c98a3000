"""The numbers that this protocol says things with: error codes in frames, close codes behind them."""

from enum import IntEnum


class ErrorCode(IntEnum):
    """What an `error` frame can carry in `code` (wire: platform#error-codes)."""

    OTHER = 1
    UNKNOWN_CLIENT = 211
    BAD_UNIQUE_ID = 212
    BANNED = 213
    MISSING = 4001
    MISSING_HEADER = 4002
    UNKNOWN_CONVERSATION = 4011
    UNKNOWN_MESSAGE = 4012
    NOT_A_MEMBER = 4013
    NOT_PERMITTED = 4014
    RATE_LIMITED = 4029
    WRONG_KIND = 4405
    BAD_FORMAT = 4406
    WRONG_FILE_FORMAT = 4601


class CloseCode(IntEnum):
    """Why a socket ends, for the WebSocket close frame (wire: platform#closing).

    Those from 4000 up are ours, the rest is RFC 6455's.
    """

    LOGGED_OUT = 1000
    GOING_AWAY = 1001
    REFUSED = 1008
    OVERFLOWED = 1013
    QUIET = 4408
    REPLACED = 4409
