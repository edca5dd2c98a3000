"""Who may not speak in a conversation, or not come in."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

import msgspec

from parlance.importer.leancloud.answers import read_clients
from parlance.importer.leancloud.asking import Asker
from parlance.importer.leancloud.errors import Refused, WrongKey
from parlance.importer.leancloud.folder import Part

CALLS: Mapping[str, str] = {"silenced": "permanent-silenceds", "blocked": "blacklists"}
"""What LeanCloud calls the lists."""
CLIENTS_AT_ONCE = 100
_SWITCHED_OFF = frozenset({4325, 4544})
_NO_SUCH_CALL = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})

Advanced = Callable[[int], None]


class Lists:
    """One kind of list; an app need not have it, which the first refusal tells."""

    def __init__(self, asker: Asker, restraint: str) -> None:
        self.restraint = restraint
        self.why_not: str | None = None
        """Why LeanCloud gives none; None: it does."""
        self.switched_off = False
        self._asker = asker
        self._given = False

    async def fetch(self, kind: str, conversation: str, in_path: str, part: Part, advanced: Advanced) -> None:
        """Fetch whom the list of a conversation names. Raises Refused or Unanswered."""
        part.discard()
        if self.why_not is not None:
            return
        seen: set[str] = set()
        path, following = f"/1.2/rtm/{kind}/{in_path}/{CALLS[self.restraint]}", ""
        while True:
            params = {"limit": str(CLIENTS_AT_ONCE)} | ({"next": following} if following else {})
            try:
                clients, after = await self._asker.get(path, params, read_clients)
            except WrongKey:
                raise
            except Refused as error:
                if self._given or not self._is_none_at_all(error):
                    raise
                self.why_not = str(error)
                return
            self._given = True
            new = [client for client in dict.fromkeys(clients) if client not in seen]
            seen.update(new)
            part.append(msgspec.json.encode({"conv_id": conversation, "client_id": client}) for client in new)
            advanced(len(new))
            if after is None or not new:
                return
            following = after

    def _is_none_at_all(self, error: Refused) -> bool:
        self.switched_off = error.code in _SWITCHED_OFF
        return self.switched_off or error.status in _NO_SUCH_CALL
