"""What a server asks of the process it runs in."""

import fcntl
import gc
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_FILE = "server.lock"

_YOUNG, _MIDDLE, _OLD = 20_000, 50, 50
"""Objects made between two looks for garbage: messages come and go without cycles, so looks find little."""


def raise_file_limit() -> int:
    """Allow as many open sockets as the machine lets this process have; answer how many files that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or soft < hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (ValueError, OSError):
            return soft
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def settle_garbage() -> None:
    """Leave what was made at the start out of every later look for garbage, and look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)


class FolderInUseError(Exception):
    """Another server serves this data folder."""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Be the only server on a data folder, until the end or death of this process. Raises FolderInUseError.

    Two servers on one folder would store everything correctly, but the clients of one would not hear the other's.
    """
    with (folder / LOCK_FILE).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            words = f"another server is running on {folder}: stop it, or choose another --data"
            raise FolderInUseError(words) from None
        yield
