"""An app that has been at LeanCloud for years: as many conversations and messages as one likes, made when asked for.

Nothing of it is kept: what the nth message of a conversation says follows from the two.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import cast

from importing.leancloud import LeanCloud, Row

BEGAN = 1_650_000_000_000
HERO = "hero"
"""Who is in the largest conversations, and wants to read all of them again."""
HEROS = 12
"""Conversations that the hero is in."""
CLIENTS = 900
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)
WORDS = "好,的,今天,见,ok,see you,明天,吧,in the park,😀,下午,三,点,bring,tea,一,本,书,\u2028,<b>"
_WORDS = WORDS.split(",")


class OldApp:
    """So many conversations, and so many messages in all of them together."""

    def __init__(self, conversations: int, messages: int, files: int = 20) -> None:
        self.rows = [_conversation(number) for number in range(conversations - 1)]
        self.rows.append(_conversation(conversations - 1) | {"sys": True, "m": [], "unique": False, "tr": None})
        self.files = files
        self._url = ""
        talking = [each for each, row in enumerate(self.rows) if not row.get("sys")]
        weights = [1 / (rank + 4) for rank, _ in enumerate(talking)]
        # What was said is spread unevenly, and in some nothing was.
        self._sizes = {
            self.rows[each]["objectId"]: round(messages * weight / sum(weights))
            for each, weight in zip(talking, weights, strict=True)
        }

    @property
    def service(self) -> Row:
        """The app's service conversation."""
        return self.rows[-1]

    def at_leancloud(self) -> LeanCloud:
        """The app as LeanCloud has it."""
        people = {client for row in self.rows for client in row["m"]}
        place = self.service["objectId"]
        return LeanCloud(
            classes={
                "_Conversation": self.rows,
                "_ConversationMemberInfo": [
                    {"objectId": f"{number:024x}", "cid": row["objectId"], "clientId": row["m"][1], "role": "Manager"}
                    for number, row in enumerate(self.rows)
                    if len(row["m"]) > 4
                ],
                "_User": [
                    {
                        "objectId": name,
                        "username": name,
                        "nickname": f"{name} 先生",
                        "createdAt": "2021-05-26T06:42:31.123Z",
                    }
                    for name in sorted(people)
                ],
            },
            messages=cast("dict[str, list[Row]]", _Said(self)),
            subscribers={place: [f"client-{number}" for number in range(60)]},
            silenced={row["objectId"]: [row["m"][-1]] for row in self.rows[7::50] if len(row["m"]) > 4},
            blocked={row["objectId"]: ["nuisance"] for row in self.rows[3::60] if len(row["m"]) > 4},
            files={f"{number}.png": PNG + bytes([number]) for number in range(self.files)},
        )

    def served_at(self, url: str) -> None:
        """Its files lie there."""
        self._url = url
        self.said.cache_clear()

    def size(self, conversation: str) -> int:
        """How much was said there."""
        return self._sizes.get(conversation, 0)

    def all_messages(self) -> int:
        """How much was said everywhere."""
        return sum(self._sizes.values())

    @lru_cache(maxsize=16)  # noqa: B019 - lives as long as the process that has one of these
    def said(self, conversation: str) -> list[Row]:
        """All that was said in a conversation, in LeanCloud's order."""
        return sorted(self._said(conversation), key=lambda row: (row["timestamp"], row["msg-id"]))

    def _said(self, conversation: str) -> Iterator[Row]:
        number = int(conversation[8:], 16)
        people = self.rows[number]["m"] or ["client-1", "client-2", HERO]
        at = BEGAN + number * 1_000
        for place in range(self.size(conversation)):
            chance = int.from_bytes(blake2b(f"{number}/{place}".encode(), digest_size=8).digest())
            # Some of one millisecond, most of the same hour, now and then a week of silence.
            at += (0, 1, 40, 900, 30_000, 600_000)[chance % 6] + (604_800_000 if chance % 997 == 0 else 0)
            data, binary = self._content(place, chance)
            yield {
                "timestamp": at,
                "conv-id": conversation,
                "data": data,
                "from": people[chance // 7 % len(people)],
                "msg-id": _name(number, place, chance),
                "is-conv": not self.rows[number].get("tr"),
                "is-room": bool(self.rows[number].get("tr")),
                "to": conversation,
                "bin": binary,
                "from-ip": "192.0.2.1",
                "ack-at": at + 300,
            }

    def _content(self, place: int, chance: int) -> tuple[str, bool]:
        """Mostly texts; and everything else that there is."""
        which = chance % 200
        words = " ".join(_WORDS[(chance >> shift) % len(_WORDS)] for shift in range(0, 60, 5))
        odd = (
            base64.b64encode(chance.to_bytes(8) * (1 + chance % 40)).decode(),
            '{"_lctype":-127}',
            json.dumps({"_lctype": 7, "dice": chance % 6, "mine": [1.5, None, {"深": True}]}),
            f"no JSON at all, {place}",
        )
        if which < len(odd):
            return odd[which], which == 0
        content: Row = {"_lctype": -1, "_lctext": f"{place} {words}"}
        if which < 10:
            about = {"size": 70, "width": 1, "height": 1, "name": "照片.png"}
            file = {"url": f"{self._url}/files/{chance % self.files}.png", "objId": f"{chance:024x}", "metaData": about}
            content |= {"_lctype": -2, "_lcfile": file}
        elif which < 30:
            content["_lcattrs"] = {"n": place, "at": [place, str(chance)]}
        return json.dumps(content, ensure_ascii=False), False


class _Said(Mapping[str, list[Row]]):
    """What was said, by conversation; and to each subscriber of the service conversation."""

    def __init__(self, app: OldApp) -> None:
        self._app = app

    def __getitem__(self, place: str) -> list[Row]:
        conversation, _, client = place.partition("/")
        return self._talk(conversation, client) if client else self._app.said(conversation)

    def get(self, place: str, default: object = None) -> list[Row]:
        """All of them are there."""
        return self[place]

    def __iter__(self) -> Iterator[str]:
        return (row["objectId"] for row in self._app.rows)

    def __len__(self) -> int:
        return len(self._app.rows)

    def _talk(self, conversation: str, client: str) -> list[Row]:
        """News for everybody, and a question and an answer."""
        news = [
            (BEGAN + day * 86_400_000, "news", f"news-of-the-day-{day:03d}", f"news of day {day}") for day in range(5)
        ]
        own = [
            (BEGAN + 1_000, client, f"question-of-{client}", "what is new?"),
            (BEGAN + 2_000, "news", f"answer-for-{client}", f"much, {client}"),
        ]
        return [
            {"timestamp": at, "conv-id": conversation, "data": text, "from": sender, "msg-id": name, "bin": False}
            for at, sender, name, text in sorted(news + own)
        ]


def _conversation(number: int) -> Row:
    """Pairs and groups of all sizes, a chat room now and then; the hero is in the first few."""
    chance = int.from_bytes(blake2b(f"conversation {number}".encode(), digest_size=8).digest())
    size = 2 if chance % 10 < 6 else 3 + chance // 10 % 38
    people = list(dict.fromkeys(f"client-{(chance >> 3) * (each + 1) % CLIENTS}" for each in range(size)))
    people = [HERO, *people] if number < HEROS else people
    row: Row = {
        "objectId": f"{0x5ECCBA57:08x}{number:016x}",
        "name": f"对话 {number}" if size > 2 else None,
        "m": people,
        "c": people[0],
        "mu": people[1:2] if chance % 9 == 0 else [],
        "attr": {"number": number, "deep": {"列": [1, 2, 3]}},
        "topic": f"topic {number % 17}",
        "unique": len(people) == 2,
        "createdAt": "2022-04-15T05:20:00.000Z",
        "updatedAt": "2022-04-16T05:20:00.000Z",
        "lm": {"__type": "Date", "iso": "2023-04-16T05:20:00.000Z"},
    }
    if chance % 50 == 7 and number >= HEROS:
        row |= {"tr": True, "m": [], "unique": False}
    return row


def _name(number: int, place: int, chance: int) -> str:
    """22 letters and digits, as LeanCloud names messages."""
    raw = number.to_bytes(4) + place.to_bytes(4) + chance.to_bytes(8)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
