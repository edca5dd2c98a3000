"""Finding users by what is known of them."""

from parlance.core.model.caller import Caller
from parlance.core.model.user import User
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.pages import Page, PageAsked

LONGEST_WORDS = 100


class SearchUsers:
    """Finds users by a part of their id or of one of their names. All of the app's are gone through."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, words: str, asked: PageAsked) -> Page[User]:
        """Newest first; ASCII letters' case is ignored. Raises NOT_PERMITTED (a client), BAD_FORMAT (too long)."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        if len(words) > LONGEST_WORDS:
            raise bad_format("q", f"at most {LONGEST_WORDS} characters are looked for")
        if not words:
            return await self._store.read.users.page(caller.app.app_id, asked)
        return await self._store.read.users.search(caller.app.app_id, f"%{words}%", asked)
