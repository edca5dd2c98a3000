"""Which files of the repository are pages of the site, under which name, in which language, and in which order."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = "en", "zh-CN"
BOTH = ("", "start", "concepts", "client", "testing", "leancloud", "operations", "console")
"""Pages of `docs/` that there are in both languages; "" is the first."""


@dataclass(frozen=True)
class Page:
    """A file, and the page that is made of it."""

    file: str
    name: str
    language: str = ENGLISH


@dataclass(frozen=True)
class Part:
    """Some pages under a heading of the table of contents."""

    title: str
    pages: tuple[Page, ...]


def _docs(*names: str) -> tuple[Page, ...]:
    return tuple(Page(f"docs/{name or 'README'}.md", name or "index") for name in names)


def _dialects(*names: str) -> tuple[Page, ...]:
    return tuple(Page(f"src/parlance/apis/{name}/README.md", f"apis/{name}") for name in names)


def _decisions() -> tuple[Page, ...]:
    files = sorted(path.stem for path in (ROOT / "docs/decisions").glob("0*.md"))
    first = Page("docs/decisions/README.md", "decisions/index")
    return (first, *(Page(f"docs/decisions/{name}.md", f"decisions/{name}") for name in files))


def _chinese(*names: str) -> tuple[Page, ...]:
    return tuple(Page(f"docs/{name or 'README'}.zh-CN.md", name or "index", CHINESE) for name in names)


def contents(language: str) -> tuple[Part, ...]:
    """The site in one language, the first page first."""
    if language == CHINESE:
        return (
            Part("", _chinese("")),
            Part("开始", _chinese("start", "concepts")),
            Part("开发应用", _chinese("client", "testing")),
            Part("部署与迁移", _chinese("operations", "console", "leancloud")),
        )
    return (
        Part("", _docs("")),
        Part("Begin", _docs("start", "concepts")),
        Part("Make an app", _docs("client", "testing")),
        Part("APIs", _dialects("platform", "campus", "rong", "clinic", "leancloud", "admin")),
        Part("Sockets", (*_docs("wire/platform", "wire/leancloud"), Page("docs/wire/README.md", "wire/index"))),
        Part("Run it", (*_docs("operations", "console", "leancloud", "benchmarks"),)),
        Part(
            "Inside",
            (
                Page("ARCHITECTURE.md", "architecture"),
                *_decisions(),
                Page("CONTRIBUTING.md", "contributing"),
                Page("CHANGELOG.md", "changelog"),
            ),
        ),
    )


def pages() -> dict[str, Page]:
    """Every page by its file."""
    every = [page for language in (ENGLISH, CHINESE) for part in contents(language) for page in part.pages]
    return {page.file: page for page in every}
