r"""Regular expressions as LeanCloud takes them (PCRE's), in the words of the engine that is here (the package `regex`).

What differs: `\Q…\E`, which LeanCloud's clients make of every text to be found, some escapes, and that `{` not of a
quantifier is itself. What the engine has and PCRE has not would be misunderstood, and is refused or taken for text.
What calls itself is refused, because such a search takes memory faster than time.
"""

import re
from typing import Final

import msgspec
import regex

from parlance.kernel.faults import Fault, bad_format

LONGEST_PATTERN = 1_000
HEAVIEST = 10_000
"""Parts of a pattern after everything that is to be repeated so many times is written out, as the engine does."""
_DEEPEST = 50

_TOKEN: Final = re.compile(
    r"""
      \\Q (?P<quoted> .*? ) (?: \\E | \Z )
    | (?P<stray> \\E )
    | \\k (?: < (?P<angled> \w+ ) > | \{ (?P<braced> \w+ ) \} | ' (?P<ticked> \w+ ) ' )
    | \\x \{ (?P<code> [0-9a-fA-F]{1,6} ) \}
    | (?P<property> \\ [pP] \{ [^}]* \} )
    | \\ (?P<escaped> . )
    | (?P<comment> \(\?\# [^)]* \)? )
    | (?P<calling> \(\? (?: R | [+-]?\d | & | P> ) )
    | \(\? (?P<flags> \w* (?: - \w* )? ) (?= [:)] )
    | (?P<posix> \[ (?P<mark> [:.=] ) [^\]]*? (?P=mark) \] )
    | (?P<quantifier> \{ \d+ (?: ,\d* )? \} )
    | (?P<single> . )
    """,
    re.DOTALL | re.VERBOSE,
)
_OUTSIDE: Final = {"z": r"\Z", "Z": r"(?=\n?\Z)", "e": r"\x1b", "N": r"[^\n]"}
_INSIDE: Final = {"e": r"\x1b"}
_MEANS_SOMETHING: Final = frozenset("\\^$.|?*+()[{")
_FLAGS: Final = frozenset("imsx-")


class Spelled(msgspec.Struct, frozen=True):
    """A pattern in the engine's words; and if it is nothing but a text, perhaps at an end, that text."""

    text: str
    plain: str | None
    at_start: bool = False
    at_end: bool = False


class _Scale:
    """Weighs a pattern as it is read: what is repeated counts as often, and so does what is in it."""

    def __init__(self) -> None:
        self._groups = [0]
        self._last = 0

    def add(self, parts: int = 1) -> None:
        self._put(parts, last=1)

    def open(self) -> None:
        self._groups.append(0)
        if len(self._groups) > _DEEPEST + 1:
            raise bad_format("where", f"a regular expression has at most {_DEEPEST} groups within each other")

    def close(self) -> None:
        if len(self._groups) > 1:
            group = self._groups.pop()
            self._put(group, last=group)

    def repeat(self, quantifier: str) -> None:
        times = max(1, int(quantifier[1:-1].partition(",")[0]))
        self._put(self._last * (times - 1), last=self._last * times)

    def _put(self, parts: int, last: int) -> None:
        self._groups[-1] += parts
        self._last = last
        if self._groups[-1] > HEAVIEST:
            raise bad_format("where", f"a regular expression repeats at most {HEAVIEST} parts")


class _Speller:
    """Takes a pattern token by token; `plain` turns None when it is more than a text."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.plain: list[str] | None = []
        self.at_start = self.at_end = False
        # The class `[…]` that is open, as far as it has been read.
        self._class = ""
        self._scale = _Scale()

    def token(self, found: re.Match[str], *, last: bool) -> None:
        kind, text = found.lastgroup, found[0]
        value = found[kind] if kind else ""
        if kind == "quoted":
            self._literal(value)
        elif kind == "code":
            self._literal(_character(value))
        elif kind == "escaped":
            self._escape(value)
        elif kind in ("angled", "braced", "ticked"):
            self._word(f"(?P={value})")
        elif kind == "property":
            self._word(text)
        elif kind != "stray":
            self._unescaped(kind, text, first=found.start() == 0, last=last)

    def _literal(self, text: str) -> None:
        self.words.append(regex.escape(text))
        if self._class:
            self._class += text
            return
        self._scale.add(len(text))
        if self.plain is not None:
            self.plain.append(text)

    def _word(self, text: str) -> None:
        self.words.append(text)
        self.plain = None
        if self._class:
            self._class += text
        else:
            self._scale.add()

    def _escape(self, letter: str) -> None:
        if letter == "g":
            # It calls a group here, and asks for what a group found there.
            raise no_pattern()
        if letter.isalnum():
            known = _INSIDE if self._class else _OUTSIDE
            self._word(known.get(letter, f"\\{letter}"))
        else:
            self._literal(letter)

    def _unescaped(self, kind: str | None, text: str, *, first: bool, last: bool) -> None:
        if self._class:
            self._within_class(text)
        elif kind == "single" and text not in _MEANS_SOMETHING:
            self._single(text)
        elif text == "{":
            self._literal(text)
        elif text == "^" and first:
            self.at_start = True
            self.words.append(text)
        elif text == "$" and last:
            self.at_end = True
            self.words.append(text)
        else:
            self._meaningful(kind, text)

    def _single(self, sign: str) -> None:
        # As it is: in the free form a blank means nothing, and a quantifier may follow.
        self.words.append(sign)
        self._scale.add()
        if self.plain is not None:
            self.plain.append(sign)

    def _within_class(self, text: str) -> None:
        if text == "]" and self._class not in ("[", "[^"):
            self.words.append(text)
            self._class = ""
            return
        # What is no class within a class is a bracket, whatever follows.
        named = text.startswith("[:") and text.endswith(":]")
        self.words.append(text if named else "".join(f"\\{sign}" if sign in "[]" else sign for sign in text))
        self._class += text

    def _meaningful(self, kind: str | None, text: str) -> None:
        if kind == "calling":
            raise bad_format("where", "a regular expression cannot call itself")
        if kind == "flags" and not _FLAGS.issuperset(text[2:]):
            raise bad_format("where", "a regular expression has the options i, m, s and x")
        if kind == "posix" or text == "\\":
            raise no_pattern()
        self.words.append(text)
        self.plain = None
        if kind == "quantifier":
            self._scale.repeat(text)
        elif text == ")":
            self._scale.close()
        elif text.startswith("(") and kind != "comment":
            self._scale.open()
        elif text == "[":
            self._class = text
            self._scale.add()
        elif text not in "*+?":
            self._scale.add()


def _character(code: str) -> str:
    try:
        return chr(int(code, 16))
    except ValueError:
        raise bad_format("where", "that is not a character") from None


def spelled(pattern: str) -> Spelled:
    """The pattern in the engine's words; BAD_FORMAT for what is refused."""
    if len(pattern) > LONGEST_PATTERN:
        raise bad_format("where", f"a regular expression has at most {LONGEST_PATTERN} characters")
    speller = _Speller()
    for found in _TOKEN.finditer(pattern):
        speller.token(found, last=found.end() == len(pattern))
    plain = None if speller.plain is None else "".join(speller.plain)
    return Spelled("".join(speller.words), plain, speller.at_start, speller.at_end)


def compiled(spelling: Spelled, options: str) -> regex.Pattern[str]:
    """The pattern, ready; BAD_FORMAT for what is none. Takes its time: not on the loop."""
    try:
        # Whatever the engine's parser makes of it, it is no pattern.
        return regex.compile(spelling.text, _flags(options), cache_pattern=False)
    except Exception as error:
        raise no_pattern() from error


def no_pattern() -> Fault:
    """The refusal of what is no regular expression."""
    return bad_format("where", "that is not a regular expression")


def _flags(options: str) -> int:
    flags = 0
    for option in options:
        flags |= _OPTIONS[option]
    return flags


_OPTIONS: Final = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL, "x": regex.VERBOSE}
