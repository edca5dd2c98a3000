"""A real server for the tests of apps: in this process, with a clock to move and faults to switch on.

`sandbox()` starts one; `parlance.testing.plugin` has it as a fixture for pytest. See `docs/testing.md`.
"""

from parlance.testing.clock import MovableClock
from parlance.testing.faults import Effect, Fault, Faults, Way
from parlance.testing.sandbox import Sandbox, sandbox

__all__ = ["Effect", "Fault", "Faults", "MovableClock", "Sandbox", "Way", "sandbox"]
