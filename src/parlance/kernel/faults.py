"""Everything that can be refused, once.

A `Fault` says what was wrong in the words of the product, without HTTP and without any dialect's
numbers. Each dialect has one total table from `FaultCode` to its own answer.
"""

import re
from enum import Enum


class FaultCode(Enum):
    """The catalogue. A value is the sentence said when nothing more precise is known."""

    # What was sent
    MISSING_FIELD = "a required field is missing"
    MISSING_APP = "the request names no app"
    BAD_FORMAT = "a field has the wrong format"
    MALFORMED = "the body is not what its type says"
    BODY_TOO_LARGE = "the body is too large"
    UNKNOWN_ROUTE = "there is nothing at this address"
    WRONG_METHOD = "this address does not take that method"
    RATE_LIMITED = "too many requests"
    # Who sent it
    BAD_CREDENTIAL = "the credential is refused"
    FOREIGN_CLIENT = "the token speaks for another client"
    KEY_REQUIRED = "this takes the server key"
    NOT_LOGGED_IN = "log in first"
    UNKNOWN_APP = "unknown app"
    WRONG_SIGNATURE = "the signature is missing, wrong or too old"
    SESSION_EXPIRED = "the session token is unknown or has expired"
    SESSION_CONFLICT = "another device has logged in in its place"
    # People
    UNKNOWN_CLIENT = "unknown user"
    BAD_UNIQUE_ID = "unique_id takes ASCII letters and digits only"
    BANNED = "the account is banned"
    # Conversations and messages
    UNKNOWN_CONVERSATION = "unknown conversation"
    UNKNOWN_MESSAGE = "unknown message"
    NOT_A_MEMBER = "not a member of the conversation"
    NOT_PERMITTED = "not permitted"
    WRONG_KIND = "the conversation is of the wrong kind"
    FULL = "the conversation is full"
    OWNER_STAYS = "the owner cannot go, only end the group"
    ALREADY_MEMBER = "already a member of the conversation"
    WRONG_CODE = "the code is wrong or no longer works"
    NOT_THE_SENDER = "only who sent a message changes it"
    SILENCED = "silenced in this conversation"
    SILENCED_FOR_NOW = "silenced in this conversation for a while"
    BLOCKED = "blocked by this conversation"
    UNKNOWN_ROLE = "unknown role"
    BAD_QUERY = "the query cannot be answered"
    REJECTED_BY_APP = "the app does not allow it"
    # Organisations and classes
    UNKNOWN_ORGANISATION = "unknown organisation or class"
    ALREADY_NOTIFIED = "the class was notified today already"
    # Files
    UNKNOWN_FILE = "unknown file"
    WRONG_FILE_FORMAT = "the file's format is not accepted"
    WRONG_IMAGE = "the file is not an image that is accepted"
    # Us
    PROVIDER_FAILED = "the provider behind this server failed"
    UNAVAILABLE = "the server cannot do this just now"
    INTERNAL = "internal error"


class Fault(Exception):
    """A refusal: nothing was changed.

    `field` names the part of the request that was wrong, `retry_after` is in seconds; `app_code` is what the
    app's own hook said.
    """

    def __init__(
        self,
        code: FaultCode,
        reason: str | None = None,
        *,
        field: str | None = None,
        retry_after: int | None = None,
        app_code: int | None = None,
    ) -> None:
        super().__init__(reason or code.value)
        self.code = code
        self.reason = reason
        self.field = field
        self.retry_after = retry_after
        self.app_code = app_code

    @property
    def sentence(self) -> str:
        """What to tell the caller, in English, naming the field if there is one."""
        words = self.reason or self.code.value
        named = self.field is None or re.search(rf"\b{re.escape(self.field)}\b", words)
        return words if named else f"{self.field}: {words}"


def missing(field: str) -> Fault:
    """A required `field` was not sent."""
    return Fault(FaultCode.MISSING_FIELD, field=field)


def bad_format(field: str, reason: str) -> Fault:
    """`field` was sent in a form that is not accepted, `reason` says why."""
    return Fault(FaultCode.BAD_FORMAT, reason, field=field)
