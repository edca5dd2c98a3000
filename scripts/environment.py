"""Make `.venv` and install in it exactly what a lock file names, then this package.

Usage: python3 scripts/environment.py requirements.lock. Needs Python 3.11 or newer and a package index,
nothing else: on systems that ship Python without pip (Debian does), pip is fetched from the index.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import NoReturn
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP_WHEEL = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
OLDEST = (3, 11)


def main() -> None:
    """Make what is missing, install, say what went wrong in one sentence."""
    if sys.version_info < OLDEST:
        stop(f"Python {'.'.join(map(str, OLDEST))} or newer is needed, this is {sys.version.split()[0]}.")
    lock = ROOT / sys.argv[1]
    if not usable():
        say("making .venv")
        make()
    if not works("-m", "pip", "--version"):
        bring_pip()
    say(f"installing what {lock.name} names")
    run("install", "--prefer-binary", "--require-hashes", "--requirement", str(lock))
    run("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def usable() -> bool:
    """Whether there is an environment whose Python runs and is new enough."""
    return works("-c", f"import sys; sys.exit(sys.version_info < {OLDEST} or sys.prefix == sys.base_prefix)")


def make() -> None:
    """Make an environment without pip: that part needs what some systems leave out."""
    try:
        import venv  # noqa: PLC0415 - some systems leave this out too, and then say so below
    except ImportError:
        stop("this Python has no venv module. On Debian and Ubuntu: apt-get install python3-venv")
    venv.EnvBuilder(clear=True, symlinks=True).create(VENV)


def bring_pip() -> None:
    """Put pip in the environment: from Python itself, else from the package index."""
    if works("-m", "ensurepip", "--default-pip"):
        return
    say("fetching pip (this Python comes without)")
    index = os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"
    try:
        wheel = fetched_pip(index.rstrip("/") + "/pip/")
    except (urllib.error.URLError, OSError) as error:
        stop(f"pip cannot be fetched from {index} ({error}). On Debian and Ubuntu: apt-get install python3-venv")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / PIP_WHEEL
        path.write_bytes(wheel)
        # A wheel is a zip file, and Python runs what lies in one.
        if not works(str(path / "pip"), "install", "--no-index", "--quiet", str(path)):
            stop("pip cannot be installed. On Debian and Ubuntu: apt-get install python3-venv")


def fetched_pip(page: str) -> bytes:
    """The wheel of pip that we know, whatever the index says."""
    with urllib.request.urlopen(page, timeout=60) as answer:
        links = re.findall(r'href="([^"]+)"', answer.read().decode())
    link = next((link for link in links if PIP_WHEEL in link), None)
    if link is None:
        stop(f"{page} has no {PIP_WHEEL}. On Debian and Ubuntu: apt-get install python3-venv")
    with urllib.request.urlopen(urljoin(page, link), timeout=60) as answer:
        wheel: bytes = answer.read()
    if hashlib.sha256(wheel).hexdigest() != PIP_SHA256:
        stop(f"{PIP_WHEEL} from {page} is not the one we know.")
    return wheel


def works(*words: str) -> bool:
    """Whether the environment's Python does that without complaint."""
    try:
        return subprocess.run([str(PYTHON), *words], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(*words: str) -> None:
    """Run pip; its own words are the best about what went wrong."""
    options = ["--disable-pip-version-check", "--no-input", "--quiet"]
    done = subprocess.run([str(PYTHON), "-m", "pip", words[0], *options, *words[1:]], cwd=ROOT, check=False)
    if done.returncode != 0:
        stop("pip could not install the packages; what it said stands above.")


def say(words: str) -> None:
    """Tell whoever waits."""
    sys.stderr.write(f"parlance: {words}\n")


def stop(words: str) -> NoReturn:
    """Tell, and end."""
    say(words)
    sys.exit(1)


if __name__ == "__main__":
    main()
