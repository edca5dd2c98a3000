"""Makes the site: `python docs/site/build.py [FOLDER]`, usually build/docs. Does nothing if nothing has changed."""

import fcntl
import hashlib
import os
import sys
from pathlib import Path

from gather import gather
from pages import CHINESE, ENGLISH, ROOT, pages
from sphinx.cmd.build import main as sphinx

HERE = Path(__file__).parent
_STAMP = "made-of"


def build(folder: Path) -> int:
    """The site in `folder`/html; Sphinx's exit code. Of several at once one makes it, and the others wait."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _built(folder)


def _built(folder: Path) -> int:
    stamp = folder / _STAMP
    made_of = _digest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == made_of:
        return 0
    extra = folder / "extra"
    extra.mkdir(parents=True, exist_ok=True)
    sources = {language: folder / "source" / language for language in (ENGLISH, CHINESE)}
    for language, source in sources.items():
        gather(language, source, extra)
    for language, source in sources.items():
        out = folder / "html" / ("" if language == ENGLISH else language)
        os.environ["PARLANCE_DOCS_LANGUAGE"] = language
        os.environ["PARLANCE_DOCS_EXTRA"] = str(extra)
        words = ["-b", "html", "-W", "--keep-going", "-q", "-c", str(HERE), "-d", str(folder / "trees" / language)]
        if code := sphinx([*words, str(source), str(out)]):
            return code
    stamp.write_text(made_of, encoding="utf-8")
    return 0


def _digest() -> str:
    """What the site is made of: pages, what they show, and how."""
    # What Python keeps of these programs comes and goes while others start them.
    own = {path for path in HERE.rglob("*") if "__pycache__" not in path.parts and path.is_file()}
    files = {ROOT / file for file in pages()} | own
    digest = hashlib.sha256()
    for path in sorted(files | set((ROOT / "docs/diagrams").iterdir()) | {ROOT / "config.example.toml"}):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/docs"))
