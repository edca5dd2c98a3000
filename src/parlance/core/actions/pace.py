"""How fast a client may do what others are told of, by the generic cell rate algorithm.

One number per key: the moment at which everything sent so far would have been sent at an even pace. A
client may be ahead of that moment by its burst, no further. Keys whose moment has passed say nothing and
are swept out when there are many.
"""

import math

from parlance.core.model.caller import Caller
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId

_MANY = 50_000


class Pace:
    """Counts what clients do in conversations; backends may be as fast as they like.

    `per_second` is a client's pace over all conversations, `burst` what it may send at once in one of
    them; 0 lifts the limit.
    """

    def __init__(self, clock: Clock, per_second: int, burst: int) -> None:
        self._clock = clock
        self._step = 1 / per_second if per_second else 0.0
        self._ahead_in_one = burst * self._step
        self._ahead_in_all = max(per_second, burst) * self._step
        self._moments: dict[tuple[str, ...], float] = {}
        self._many = _MANY

    def take(self, caller: Caller, conv_id: ConvId) -> None:
        """Count one message, or whatever else its members are told of.

        Raises RATE_LIMITED with the seconds after which to try again.
        """
        client = caller.client_id
        if client is None or not self._step:
            return
        now = self._clock.monotonic()
        app_id = caller.app.app_id
        overall = self._advanced((app_id, client), now, self._ahead_in_all)
        if self._ahead_in_one:
            here = self._advanced((app_id, client, conv_id), now, self._ahead_in_one)
            self._moments[app_id, client, conv_id] = here
        self._moments[app_id, client] = overall
        if len(self._moments) > self._many:
            self._sweep(now)

    def _advanced(self, key: tuple[str, ...], now: float, ahead: float) -> float:
        moment = max(self._moments.get(key, now), now) + self._step
        # A tenth of a step forgives what adding floats loses, on a machine that has been up for years as well.
        if moment - now > ahead + self._step / 10:
            raise Fault(FaultCode.RATE_LIMITED, retry_after=math.ceil(moment - now - ahead))
        return moment

    def _sweep(self, now: float) -> None:
        self._moments = {key: moment for key, moment in self._moments.items() if moment > now}
        # Where many are busy at once, looking through all of them must stay rare.
        self._many = max(_MANY, 2 * len(self._moments))
