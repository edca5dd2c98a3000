"""Percentiles, CPU accounting, and the ticks that paced load is made of."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from parlance.cli.bench import cpu
from parlance.cli.bench.meter import Measured, Meter, outcome
from parlance.cli.bench.metronome import Metronome
from parlance.cli.bench.percentiles import percentiles
from parlance.cli.bench.plan import Address, Checks, Percentiles, Plan, Processes, Row
from parlance.cli.bench.socket_client import place

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's /proc")

PLAN = Plan(Row.PIPELINED, [Address("127.0.0.1", 1, "a", "k")], "run", clients=10, seconds=1)


def test_percentiles_are_by_nearest_rank() -> None:
    """Of 1 to 100 ms, half stay within 50 and ninety-nine within 99, in whatever order they come."""
    assert Percentiles(50.0, 99.0) == percentiles([number / 1000 for number in range(100, 0, -1)])


def test_percentiles_of_few() -> None:
    """One wait is both; of none there is nothing to say."""
    assert Percentiles(7.0, 7.0) == percentiles([0.007])
    assert Percentiles(1.0, 2.0) == percentiles([0.001, 0.002])
    assert percentiles([]) is None


def test_cpu_is_the_sum_over_threads(tmp_path: Path) -> None:
    """Every thread's nanoseconds count; user and system ticks come after a name that may hold anything."""
    for thread, nanoseconds in (("7", 1_000), ("8", 23_000)):
        (tmp_path / "7" / "task" / thread).mkdir(parents=True)
        (tmp_path / "7" / "task" / thread / "schedstat").write_text(f"{nanoseconds} 5 1\n")
    fields = " ".join(str(number) for number in range(3, 53))
    (tmp_path / "7" / "stat").write_text(f"7 (a) b (c) {fields}\n")
    tick = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
    assert cpu.Spent(24_000, 14 * tick, 15 * tick) == cpu.spent(7, tmp_path)


def test_a_thread_that_ends_meanwhile_is_passed_over(tmp_path: Path) -> None:
    """Its time is in the process's ticks."""
    (tmp_path / "7" / "task" / "9").mkdir(parents=True)
    (tmp_path / "7" / "stat").write_text(f"7 (a) {' '.join(['0'] * 50)}\n")
    assert cpu.Spent(0, 0, 0) == cpu.spent(7, tmp_path)


def test_without_proc_nothing_is_made_up(tmp_path: Path) -> None:
    """Where the kernel does not tell, the reading is None."""
    assert cpu.spent(7, tmp_path) is None
    assert cpu.resident_kib(7, tmp_path) is None


def test_servers_are_summed_up(tmp_path: Path) -> None:
    """All of them together; one that cannot be read leaves the sum unknown."""
    for process, nanoseconds in (("7", 1_000), ("8", 23_000)):
        (tmp_path / process / "task" / process).mkdir(parents=True)
        (tmp_path / process / "task" / process / "schedstat").write_text(f"{nanoseconds} 5 1\n")
        (tmp_path / process / "stat").write_text(f"{process} (a) {' '.join(['0'] * 50)}\n")
    assert cpu.Spent(24_000, 0, 0) == cpu.spent_together([7, 8], tmp_path)
    assert cpu.spent_together([7, 9], tmp_path) is None
    assert cpu.spent_together([], tmp_path) is None


def test_a_database_is_all_its_processes(tmp_path: Path) -> None:
    """The one that was started, its children, and its children that have ended; not somebody else's."""
    for process, parent, times in (("7", 1, "1 2 3 4"), ("8", 7, "10 20 0 0"), ("9", 8, "500 0 0 0")):
        (tmp_path / process).mkdir()
        (tmp_path / process / "stat").write_text(f"{process} (a b) S {parent} {'0 ' * 9}{times} 0 0\n")
    tick = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
    assert 40 * tick == cpu.spent_by_family(7, tmp_path)
    assert cpu.spent_by_family(6, tmp_path) is None


@pytest.mark.parametrize("servers", [1, 2, 3])
def test_couples_meet_in_every_combination(servers: int) -> None:
    """As behind a balancer that knows nothing of who talks to whom; and no server gets more clients than another."""
    couples = [(place(number, servers), place(number + 1, servers)) for number in range(0, 2 * servers**2, 2)]
    assert [(first, second) for first in range(servers) for second in range(servers)] == sorted(couples)


def test_memory_is_resident_pages(tmp_path: Path) -> None:
    """The second number of statm, in KiB."""
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "statm").write_text("900 25 3 1 0 5 0\n")
    assert 25 * os.sysconf("SC_PAGE_SIZE") / 1024 == cpu.resident_kib(7, tmp_path)


def stand_still(process: subprocess.Popen[bytes]) -> None:
    """Stop a process, and wait until the system says that it is."""
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED)


@on_linux
def test_both_ways_of_counting_agree_on_a_busy_process() -> None:
    """Nanoseconds of threads and ticks of the process are the same time."""
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        try:
            # It stands still while it is looked at: between two looks a slow machine would let it run on.
            stand_still(busy)
            meter = Meter(Processes([busy.pid], database=busy.pid))
            busy.send_signal(signal.SIGCONT)
            while (spent := meter.stop().servers) is None or spent.by_threads < 300_000_000:
                time.sleep(0.02)
            stand_still(busy)
            measured = meter.stop()
        finally:
            busy.kill()
    spent = measured.servers
    assert spent is not None
    assert pytest.approx(spent.by_threads, rel=0.2) == spent.user + spent.system
    assert pytest.approx(spent.by_threads, rel=0.2) == measured.database


def test_a_row_is_cost_for_each_operation() -> None:
    """3 s of the server for 1000 messages in 2 s: 3000 µs each, one and a half cores."""
    spent = cpu.Spent(by_threads=3_000_000_000, user=1_450_000_000, system=1_450_000_000)
    measured = Measured(2.0, 500_000_000, spent, database=1_000_000_000, bus=2_000_000)
    row = outcome(PLAN, measured, 1000, [0.001], [], Checks(1000))
    assert (500.0, 3000.0, 2900.0, 1.5) == (row.rate, row.server_us, row.server_us_by_stat, row.server_busy)
    assert (0.5, 500.0, 0.25) == (row.server_system_share, row.generator_us, row.generator_busy)
    assert (1000.0, 2.0) == (row.database_us, row.bus_us)
    assert (Percentiles(1.0, 1.0), None) == (row.answered, row.pushed)


def test_a_row_without_the_servers_clock_leaves_it_empty() -> None:
    """The generator's own figures are there all the same."""
    row = outcome(PLAN, Measured(1.0, 1_000_000), 10, [], [], Checks(10))
    assert (None, None, 100.0) == (row.server_us, row.server_busy, row.generator_us)


async def test_ticks_carry_the_moment_they_were_meant_for() -> None:
    """Evenly spaced, none dropped, none called before its time."""
    ticks: list[tuple[float, float]] = []
    enough = asyncio.Event()

    def due(moment: float) -> None:
        ticks.append((moment, time.perf_counter()))
        if len(ticks) >= 200:
            enough.set()

    metronome = Metronome(2000, due)
    metronome.start()
    try:
        async with asyncio.timeout(20):
            await enough.wait()
    finally:
        metronome.stop()
    moments = [moment for moment, _ in ticks]
    assert [pytest.approx(0.0005)] * (len(moments) - 1) == [b - a for a, b in pairwise(moments)]
    assert all(called >= moment for moment, called in ticks)
