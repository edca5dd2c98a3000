"""What a process spends: CPU time of all its threads, memory, and the core it is held to.

The kernel counts each thread's time on a CPU in nanoseconds (`schedstat`), and a process's in ticks of
10 ms (`stat`); the second includes threads that have ended, so the two are measured together and
should agree. Both need Linux's /proc: elsewhere the readings are None.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

_NANOSECONDS = 1_000_000_000


class Spent(msgspec.Struct, frozen=True):
    """CPU nanoseconds of one process since it started, or of several together."""

    by_threads: int
    user: int
    system: int

    def __sub__(self, before: "Spent") -> "Spent":
        """What was spent between two readings."""
        return Spent(self.by_threads - before.by_threads, self.user - before.user, self.system - before.system)


def spent(pid: int, proc: Path = Path("/proc")) -> Spent | None:
    """What process `pid` has spent so far; None where the kernel does not tell."""
    try:
        stat = (proc / str(pid) / "stat").read_text()
        threads = 0
        for task in (proc / str(pid) / "task").iterdir():
            threads += _thread_nanoseconds(task)
    except OSError:
        return None
    # The name, in brackets, may hold spaces: fields are counted from its end. utime and stime are 14 and 15.
    fields = stat.rpartition(")")[2].split()
    tick = _NANOSECONDS // os.sysconf("SC_CLK_TCK")
    return Spent(threads, int(fields[11]) * tick, int(fields[12]) * tick)


def spent_together(pids: Iterable[int], proc: Path = Path("/proc")) -> Spent | None:
    """What several processes have spent; None if one of them cannot be read, or if there are none."""
    each = [spent(pid, proc) for pid in pids]
    known = [one for one in each if one is not None]
    if not known or len(known) < len(each):
        return None
    return Spent(sum(one.by_threads for one in known), sum(one.user for one in known), sum(one.system for one in known))


def spent_by_family(pid: int, proc: Path = Path("/proc")) -> int | None:
    """Nanoseconds that a process and its children have spent, those included that have ended and been waited for."""
    ticks = None
    for stat in proc.glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended between the listing and the reading
        # Its parent is field 4; 14 to 17 are its own user and system time, and its ended children's.
        if stat.parent.name == str(pid):
            ticks = (ticks or 0) + sum(map(int, fields[11:15]))
        elif fields[1] == str(pid):
            ticks = (ticks or 0) + sum(map(int, fields[11:13]))
    return None if ticks is None else ticks * (_NANOSECONDS // os.sysconf("SC_CLK_TCK"))


def _thread_nanoseconds(task: Path) -> int:
    try:
        return int((task / "schedstat").read_text().split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it ended between the listing and the reading


def resident_kib(pid: int, proc: Path = Path("/proc")) -> float | None:
    """KiB of memory that process `pid` holds; None where the kernel does not tell."""
    try:
        pages = int((proc / str(pid) / "statm").read_text().split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


def own_nanoseconds() -> int:
    """CPU time of this process, all threads."""
    return time.process_time_ns()


def cores() -> list[int]:
    """The cores this process may run on; empty where nobody can say."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def hold_to(core: int | None) -> None:
    """Run on `core` alone from now on, and so will the processes started from here."""
    if core is not None:
        os.sched_setaffinity(0, {core})


@contextmanager
def held_to(core: int | None) -> Iterator[None]:
    """What is started in here runs on `core` alone, all its threads and children included; we do not, afterwards."""
    allowed = cores()
    hold_to(core)
    try:
        yield
    finally:
        if core is not None:
            os.sched_setaffinity(0, allowed)
