"""What was asked and not answered: kept, so that it can be asked again on the next connection.

Every request bears a `ref`. Asking twice does no harm: a repeated send is the same message (wire: platform#once),
everything else says how things are to be.
"""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from parlance.client.errors import FrameTooLarge, ParlanceError, Refused, TooMuchWaiting
from parlance.protocols.platform.payloads import ServerFrame

_encode = msgspec.json.Encoder().encode


class Request:
    """One of them."""

    __slots__ = ("answer", "data", "frame", "ref", "writings", "written_at")

    def __init__(self, type_: str, ref: str, data: Mapping[str, Any]) -> None:
        self.ref = ref
        self.data = data
        self.frame = frame(type_, {**data, "ref": ref})
        self.answer: asyncio.Future[ServerFrame] = asyncio.get_running_loop().create_future()
        self.written_at: float | None = None
        self.writings = 0


class Requests:
    """All that wait for an answer, in the order in which they were made; never more than `most`."""

    def __init__(self, most: int, largest_frame: int) -> None:
        self._most = most
        self._largest = largest_frame
        self._waiting: dict[str, Request] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Request]:
        return iter(tuple(self._waiting.values()))

    def add(self, type_: str, ref: str, data: Mapping[str, Any]) -> Request:
        """Take one in. Raises TooMuchWaiting, FrameTooLarge."""
        if len(self._waiting) >= self._most:
            raise TooMuchWaiting(f"{self._most} requests wait for their answers")
        request = Request(type_, ref, data)
        if len(request.frame) > self._largest:
            request.answer.cancel()
            raise FrameTooLarge(f"{len(request.frame)} bytes are more than the {self._largest} that go into a frame")
        self._waiting[ref] = request
        return request

    def drop(self, request: Request) -> None:
        """Nobody wants its answer any more."""
        self._waiting.pop(request.ref, None)

    def find(self, ref: str | None) -> Request | None:
        """The one that an answer belongs to."""
        return None if ref is None else self._waiting.get(ref)

    def answered(self, ref: str, answer: ServerFrame) -> None:
        """Here is its answer."""
        request = self._waiting.pop(ref, None)
        if request is not None and not request.answer.done():
            request.answer.set_result(answer)

    def refused(self, ref: str, why: Refused) -> None:
        """It was refused."""
        request = self._waiting.pop(ref, None)
        if request is not None:
            _fail(request, why)

    def largest_is_too_large(self) -> None:
        """The server found a frame too large: it can only have been the largest."""
        waiting = list(self)
        if waiting:
            largest = max(waiting, key=lambda each: len(each.frame))
            del self._waiting[largest.ref]
            _fail(largest, FrameTooLarge(f"the server takes no frame of {len(largest.frame)} bytes"))

    def end(self, why: ParlanceError) -> None:
        """There will be no answers."""
        for request in self:
            _fail(request, why)
        self._waiting.clear()


def frame(type_: str, data: Mapping[str, Any]) -> bytes:
    """A frame as a client sends it."""
    return _encode({"type": type_, "data": data})


def _fail(request: Request, why: ParlanceError) -> None:
    if not request.answer.done():
        request.answer.set_exception(why)
        # Whoever stopped waiting does not hear of it.
        request.answer.exception()
