"""A store that can be taken away from a running server, and given back."""

from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, cast

from parlance.core.ports.appender import Appender
from parlance.core.ports.store import BeforeCommit, Repositories, Store, Transaction
from parlance.kernel.faults import Fault, FaultCode


class Removable:
    """Implements `Store`: the one behind it, while that is there."""

    def __init__(self) -> None:
        self.away = False
        self._store: Store | None = None

    def take_away(self, away: bool = True) -> None:
        """Have it not answer, or answer again."""
        self.away = away

    def before(self, store: Store) -> Store:
        """Stand before that store from now on."""
        self._store = store
        return self

    @property
    def read(self) -> Repositories:
        """See `Store.read`."""
        return cast("Repositories", _Gone()) if self.away else self._there.read

    @property
    def appender(self) -> Appender:
        """See `Store.appender`."""
        return cast("Appender", _Gone()) if self.away else self._there.appender

    def begin(self, before_commit: BeforeCommit | None = None) -> AbstractAsyncContextManager[Transaction]:
        """See `Store.begin`."""
        return _NoTransaction() if self.away else self._there.begin(before_commit)

    @property
    def _there(self) -> Store:
        if self._store is None:
            raise RuntimeError("there is no store yet")
        return self._store


class _Gone:
    """Whatever is asked of it is unavailable."""

    def __getattr__(self, name: str) -> "_Gone":
        return _Gone()

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise _unavailable()


class _NoTransaction:
    """Cannot be opened."""

    async def __aenter__(self) -> Transaction:
        raise _unavailable()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """There was nothing to end."""


def _unavailable() -> Fault:
    return Fault(FaultCode.UNAVAILABLE, retry_after=1)
