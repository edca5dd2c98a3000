"""The examples in a page: which there are, and what is to be done with each.

A line before a block of shell says if it is not simply run: `<!-- shell: another terminal -->` (it stays, beside the
others), `<!-- shell: not here (why) -->`. `<!-- shell: none of this page (why) -->` holds for a whole page.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(
    r"(?:^<!-- shell: (?P<mark>[^\n]*) -->\n)?^(?P<indent> *)```(?P<language>[^\n]*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_WHOLE_PAGE = re.compile(r"^<!-- shell: none of this page \((?P<why>[^\n]+)\) -->$", re.MULTILINE)
_NOT_HERE = re.compile(r"not here \((?P<why>[^)]+)\)")
_FILE = re.compile(r"# (?P<name>[a-z_]+\.py)\n")
ANOTHER_TERMINAL = "another terminal"
SHELLS = frozenset({"sh", "bash", "console", "shell"})
PROGRAMS = frozenset(
    {
        *("$", "cd", "createdb", "createuser", "curl", "docker", "export", "git", "kubectl", "make", "parlance", "pip"),
        *("psql", "pytest", "python", "python3", "sudo", "systemctl", ".venv/bin/parlance", ".venv/bin/python"),
    }
)
"""What a block begins with that is shell, whatever it calls itself."""


@dataclass(frozen=True)
class Block:
    """One example. `why_not` says why it is not run here."""

    page: Path
    line: int
    language: str
    text: str
    mark: str

    @property
    def is_shell(self) -> bool:
        """Whether it is for a shell."""
        return self.language in SHELLS

    @property
    def looks_like_shell(self) -> bool:
        """Whether somebody would paste it into one."""
        first = next((word for word in self.text.split() if "=" not in word), "")
        return first in PROGRAMS and self.language != "text"

    @property
    def stays(self) -> bool:
        """Whether it runs on, in a terminal of its own."""
        return self.mark == ANOTHER_TERMINAL

    @property
    def why_not(self) -> str:
        """Why it is not run here; empty if it is."""
        found = _NOT_HERE.fullmatch(self.mark)
        return "" if found is None else found["why"]

    @property
    def file(self) -> str:
        """The name of the file that it is, if it is one."""
        found = _FILE.match(self.text)
        return found["name"] if self.language == "python" and found is not None else ""


def blocks(page: Path) -> list[Block]:
    """All examples of a page, in order."""
    text = page.read_text(encoding="utf-8")
    whole = _WHOLE_PAGE.search(text)
    found = []
    for match in _FENCE.finditer(text):
        mark = match["mark"] or ("" if whole is None else f"not here ({whole['why']})")
        lines = re.sub(rf"^{match['indent']}", "", match["text"], flags=re.MULTILINE)
        found.append(Block(page, text.count("\n", 0, match.start()) + 1, match["language"], lines, mark))
    return found
