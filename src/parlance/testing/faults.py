"""What can be made to go wrong between clients and server, switched on and off by a test."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Any, Self

import msgspec

from parlance.protocols.platform.codes import ErrorCode
from parlance.testing.frames import Frame


class Way(Enum):
    """In which direction a frame travels."""

    TO_CLIENT = "to the client"
    TO_SERVER = "to the server"


class Effect(Enum):
    """What becomes of a frame."""

    DROP = "never arrives"
    DUPLICATE = "arrives twice"
    DELAY = "arrives late, and what follows it later"
    CUT = "does not arrive, and the connection is gone"
    TEAR = "arrives in half, and the connection is gone"
    REFUSE = "is refused in the server's place"


ONLY_FROM_CLIENTS = frozenset({"login", "msg.send", "ping", "logout"})
"""Types of frames that only clients send: which way is meant need not be said."""


@dataclass(eq=False)
class Fault:
    """One thing that goes wrong, until `end`, or until it has happened `times` times. `with` ends it, too."""

    effect: Effect
    frame: str | None
    """Of which type; None: any."""
    way: Way
    client: str | None
    times: int | None
    seconds: float = 0.0
    answer: Callable[[dict[str, Any]], bytes] | None = None
    hits: int = 0
    """How often it has happened."""
    over: bool = False

    def end(self) -> None:
        """Let things go right again."""
        self.over = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def takes(self, way: Way, client: str | None, type_: str | None) -> bool:
        """Whether it happens to such a frame; if so, it has happened."""
        spent = self.over or (self.times is not None and self.hits >= self.times)
        if spent or way is not self.way or self.client not in {None, client} or self.frame not in {None, type_}:
            return False
        self.hits += 1
        return True


@dataclass
class Faults:
    """The switches. All take the type of `frame` (None: any), `client` (None: everybody's) and `times` (None: always).

    `to_server` turns the direction round, for types of frames that travel both ways.
    """

    on_store_away: Callable[[bool], None]
    on_disconnect: Callable[[str | None], object] = lambda _: None
    refusing_connections: bool = False
    _active: list[Fault] = field(default_factory=list)

    def drop(
        self,
        frame: str | None = None,
        *,
        client: str | None = None,
        times: int | None = None,
        to_server: bool = False,
    ) -> Fault:
        """Have frames never arrive."""
        return self._add(Effect.DROP, frame, client, times, to_server=to_server)

    def duplicate(
        self,
        frame: str | None = None,
        *,
        client: str | None = None,
        times: int | None = None,
        to_server: bool = False,
    ) -> Fault:
        """Have frames arrive twice."""
        return self._add(Effect.DUPLICATE, frame, client, times, to_server=to_server)

    def delay(
        self,
        seconds: float,
        frame: str | None = None,
        *,
        client: str | None = None,
        times: int | None = None,
        to_server: bool = False,
    ) -> Fault:
        """Have frames arrive late; those behind them wait, as they do on a slow line."""
        return self._add(Effect.DELAY, frame, client, times, to_server=to_server, seconds=seconds)

    def cut(
        self,
        frame: str | None = None,
        *,
        client: str | None = None,
        times: int | None = 1,
        to_server: bool = False,
    ) -> Fault:
        """Have the connection break in the place of a frame."""
        return self._add(Effect.CUT, frame, client, times, to_server=to_server)

    def tear(
        self,
        frame: str | None = None,
        *,
        client: str | None = None,
        times: int | None = 1,
        to_server: bool = False,
    ) -> Fault:
        """Have the connection break in the middle of a frame."""
        return self._add(Effect.TEAR, frame, client, times, to_server=to_server)

    def refuse_sends(
        self,
        code: int = ErrorCode.NOT_PERMITTED,
        words: str = "refused by the test",
        *,
        retry_after: int | None = None,
        client: str | None = None,
        times: int | None = None,
    ) -> Fault:
        """Have `msg.send` refused with that code; the server never hears of it."""

        def answer(data: dict[str, Any]) -> bytes:
            complaint = {"code": code, "ref": data.get("ref")}
            if retry_after is not None:
                complaint["retry_after"] = retry_after
            return msgspec.json.encode({"type": "error", "msg": words, "data": complaint})

        fault = self._add(Effect.REFUSE, "msg.send", client, times, to_server=True)
        fault.answer = answer
        return fault

    def disconnect(self, client: str | None = None) -> None:
        """Break the connections that there are now, without a word."""
        self.on_disconnect(client)

    def refuse_connections(self, *, refusing: bool = True) -> None:
        """Let nobody in: connections break as soon as they are made, for REST as well."""
        self.refusing_connections = refusing

    def store_away(self, *, away: bool = True) -> None:
        """Have the server's database not answer: everything that needs it is refused as unavailable."""
        self.on_store_away(away)

    def clear(self) -> None:
        """Everything goes right again."""
        for fault in self._active:
            fault.end()
        self._active.clear()
        self.refuse_connections(refusing=False)
        self.store_away(away=False)

    def strikes(self, way: Way, client: str | None, frame: Frame) -> tuple[Fault | None, dict[str, Any]]:
        """What happens to a frame (None: nothing), and the `data` in it."""
        if not frame.says_something:
            return None, {}
        type_, data = frame.read()
        for fault in tuple(self._active):
            if fault.over:
                with suppress(ValueError):
                    self._active.remove(fault)
            elif fault.takes(way, client, type_):
                return fault, data
        return None, data

    def _add(
        self,
        effect: Effect,
        type_: str | None,
        client: str | None,
        times: int | None,
        *,
        to_server: bool,
        seconds: float = 0.0,
    ) -> Fault:
        way = Way.TO_SERVER if to_server or type_ in ONLY_FROM_CLIENTS else Way.TO_CLIENT
        fault = Fault(effect, type_, way, client, times, seconds)
        self._active.append(fault)
        return fault
