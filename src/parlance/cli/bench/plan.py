"""What is handed to the generator's process and what comes back: JSON on its standard streams."""

from enum import Enum

import msgspec


class Row(Enum):
    """One line of the table."""

    IDLE = "idle"
    PIPELINED = "pipelined"
    UNPIPELINED = "unpipelined"
    LATENCY = "latency"
    STEADY = "steady"
    FANOUT = "fanout"
    REST = "rest"
    HISTORY = "history"


class Setup(Enum):
    """What the servers stand on."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    CLUSTER = "cluster"
    """Several servers on one PostgreSQL and one NATS."""


class Address(msgspec.Struct, frozen=True):
    """A server and the app on it that is to bear the load."""

    host: str
    port: int
    app_id: str
    server_key: str
    tls: bool = False

    @property
    def authority(self) -> str:
        """Host and port, as the `Host` header has them."""
        return f"{self.host}:{self.port}"


class Processes(msgspec.Struct, frozen=True):
    """Those whose CPU is measured, by their numbers; of the database the one whose children the others are."""

    servers: list[int] = []
    database: int | None = None
    bus: int | None = None


class Plan(msgspec.Struct, frozen=True):
    """One row to be measured.

    `clients` are connections (members, for the fan-out); `window` is how many messages each has in flight;
    `seconds` is the measured time, `rate` in messages a second for a paced row (None: find the capacity
    first and take half of it). `run` marks this run's names, so that a server can be measured twice. Clients
    spread over the servers at `addresses` as behind a balancer that knows nothing of who talks to whom.
    """

    row: Row
    addresses: list[Address]
    run: str
    clients: int
    seconds: float
    window: int = 1
    rate: float | None = None
    processes: Processes = Processes()
    core: int | None = None
    setup: Setup = Setup.SQLITE

    @property
    def address(self) -> Address:
        """Where its backend calls."""
        return self.addresses[0]


class Percentiles(msgspec.Struct, frozen=True):
    """Milliseconds that half, and all but one in a hundred, of the waits stayed within."""

    p50: float
    p99: float


class Checks(msgspec.Struct, frozen=True):
    """What was counted against what was promised, over the whole run and not only the measured part."""

    operations: int
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    refused: int = 0
    first_refusal: str = ""

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.doubled or self.out_of_order or self.refused)


class Outcome(msgspec.Struct, frozen=True):
    """One measured row. Times are CPU microseconds an operation; None where it could not be measured.

    The server's are those of all servers together. `first` is what everybody's first message took, all at once.
    """

    row: Row
    clients: int
    rate: float
    seconds: float
    checks: Checks
    server_us: float | None = None
    server_us_by_stat: float | None = None
    server_system_share: float | None = None
    server_busy: float | None = None
    generator_us: float | None = None
    generator_busy: float | None = None
    answered: Percentiles | None = None
    pushed: Percentiles | None = None
    kib_per_connection: float | None = None
    setup: Setup = Setup.SQLITE
    servers: int = 1
    database_us: float | None = None
    bus_us: float | None = None
    first_us: float | None = None
    first: Percentiles | None = None
