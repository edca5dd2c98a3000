"""What all commands have in common."""

from typing import Annotated, Any, ClassVar, Final

import msgspec

DEEPEST: Final = 100
"""How deep JSON within a command may be nested: so much every later reader of it can take."""
MOST_CHARACTERS_OF_AN_ID: Final = 64

ClientId = Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_CHARACTERS_OF_AN_ID)]


class _ReadAs(type):
    """For a type that is read in a special way (`read_special`), whose values are plain dicts."""

    def __instancecheck__(cls, value: object) -> bool:
        return type(value) is dict


class JsonObject(dict[str, Any], metaclass=_ReadAs):
    """A JSON object, sent as text."""

    __slots__ = ()


class Command(msgspec.Struct, gc=False, kw_only=True, rename="camel"):
    """Read from the body of a frame, and from those fields of its header that `header` names."""

    header: ClassVar[tuple[str, ...]] = ()


class Signature(msgspec.Struct, frozen=True, gc=False):
    """The app's backend agrees to what is asked (wire: leancloud#signatures)."""

    timestamp: int
    nonce: str
    signature: str


class Signable(Command, kw_only=True):
    """A command that an app may want signed."""

    t: int | None = None
    n: str | None = None
    s: str | None = None

    @property
    def signature(self) -> Signature | None:
        """What was signed with; None if any part is missing."""
        if self.t is None or self.n is None or self.s is None:
            return None
        return Signature(self.t, self.n, self.s)


def clamped(asked: int | None, absent: int, most: int) -> int:
    """The length of a page: what is not said is not the same as 0 (wire: leancloud#pages)."""
    return absent if asked is None else max(0, min(asked, most))


def read_special(wanted: type, value: Any) -> Any:
    """The hook by which msgspec reads a `JsonObject`; a ValueError refuses."""
    try:
        read = msgspec.json.decode(value)
    except (msgspec.MsgspecError, RecursionError, UnicodeError, TypeError):
        raise ValueError("expected JSON") from None
    if not isinstance(read, dict):
        raise ValueError("expected a JSON object")  # noqa: TRY004 - what msgspec turns into a refusal
    if (value.count("[") + value.count("{")) > DEEPEST and _depth(read) > DEEPEST:
        raise ValueError(f"nested more than {DEEPEST} deep")
    return read


def _depth(value: Any) -> int:
    deepest = 0
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        inner, depth = waiting.pop()
        if isinstance(inner, dict | list):
            deepest = max(deepest, depth)
            children = inner.values() if isinstance(inner, dict) else inner
            waiting.extend((child, depth + 1) for child in children)
    return deepest
