"""Texts that match a regular expression, within a budget of time.

Whatever somebody asks for runs beside everybody else: the engine lets go of the interpreter while it searches, and ends
when it is told to (decision 15).
"""

from typing import TYPE_CHECKING

from parlance.core.model.where.budget import Budget, too_long
from parlance.core.model.where.dialect import Spelled, compiled, spelled
from parlance.kernel.faults import bad_format

if TYPE_CHECKING:
    import regex

_OPTIONS = frozenset("imsx")


class Pattern:
    """A regular expression with its options (`i`, `m`, `s`, `x`)."""

    def __init__(self, text: str, options: str) -> None:
        if not _OPTIONS.issuperset(options):
            raise bad_format("where", "$options are i, m, s and x")
        self._spelled: Spelled = spelled(text)
        self._options = options
        self._compiled: regex.Pattern[str] | None = None

    @property
    def swift(self) -> bool:
        """Whether it is but a text to be found: no time need be set aside for it."""
        return self._spelled.plain is not None and not self._options

    def prepare(self) -> None:
        """Make it ready; raises BAD_FORMAT for what is no regular expression."""
        if not self.swift:
            self._ready()

    def found_in(self, text: str, budget: Budget) -> bool:
        """Whether the text has it anywhere."""
        if self.swift:
            return self._stands_in(text)
        try:
            return self._ready().search(text, timeout=budget.left, concurrent=True) is not None
        except TimeoutError:
            raise too_long() from None

    def _ready(self) -> "regex.Pattern[str]":
        if self._compiled is None:
            self._compiled = compiled(self._spelled, self._options)
        return self._compiled

    def _stands_in(self, text: str) -> bool:
        wanted = self._spelled.plain or ""
        if not self._spelled.at_end:
            return text.startswith(wanted) if self._spelled.at_start else wanted in text
        # PCRE's `$` is before a last line feed as well.
        texts = (text, text.removesuffix("\n"))
        if self._spelled.at_start:
            return wanted in texts
        return any(each.endswith(wanted) for each in texts)
