"""Who subscribed to a service conversation."""

from collections.abc import Callable

from parlance.importer.leancloud.answers import subscriber_row
from parlance.importer.leancloud.asking import Asker
from parlance.importer.leancloud.folder import Part

ROWS_AT_ONCE = 50

Advanced = Callable[[int], None]


async def fetch_subscribers(asker: Asker, conversation: str, part: Part, advanced: Advanced) -> None:
    """Fetch those whom the part does not have. Raises Refused or Unanswered."""
    seen: set[str] = set()
    last = ""
    for line in part.lines():
        if (row := subscriber_row(line)) is not None:
            last = row.subscriber
            seen.add(last)
    while True:
        params = {"limit": str(ROWS_AT_ONCE)} | ({"client_id": last} if last else {})
        page = await asker.page(f"/1.2/rtm/service-conversations/{conversation}/subscribers", params)
        new = []
        for line in page.rows:
            row = subscriber_row(line)
            if row is not None and row.subscriber not in seen:
                seen.add(row.subscriber)
                new.append((line, row.subscriber))
        if not new:
            return
        part.append(line for line, _ in new)
        last = new[-1][1]
        advanced(len(new))
