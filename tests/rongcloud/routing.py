"""RongCloud's side of message routing: passes messages on, signed in any of the ways it has."""

import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any
from urllib.parse import urlencode

import aiohttp

from rongcloud.fake import FORM, FakeRongCloud, dumped, signed

_nonces = count(10_000)

Sign = Callable[[FakeRongCloud, int], tuple[dict[str, str], dict[str, str]]]
"""Answers query and headers; `now` in milliseconds."""


def _parts(fake: FakeRongCloud, timestamp: int) -> tuple[str, str, str]:
    nonce = str(next(_nonces))
    return nonce, str(timestamp), signed(fake.secret, nonce, str(timestamp))


def im_2021(fake: FakeRongCloud, now: int) -> tuple[dict[str, str], dict[str, str]]:
    """The instant messaging documents of 2021: in the query, milliseconds."""
    return dict(zip(("nonce", "signTimestamp", "signature"), _parts(fake, now), strict=True)), {}


def im_2015(fake: FakeRongCloud, now: int) -> tuple[dict[str, str], dict[str, str]]:
    """Those of about 2015: in the query under other names, seconds."""
    return dict(zip(("rc-nonce", "rc-timestamp", "rc-signature"), _parts(fake, now // 1000), strict=True)), {}


def sealtalk_query(fake: FakeRongCloud, now: int) -> tuple[dict[str, str], dict[str, str]]:
    """What RongCloud's own demo server looks for first."""
    nonce, timestamp, signature = _parts(fake, now)
    return {"appKey": fake.key, "nonce": nonce, "timestamp": timestamp, "signature": signature}, {}


def sealtalk_headers(fake: FakeRongCloud, now: int) -> tuple[dict[str, str], dict[str, str]]:
    """What it looks for else."""
    nonce, timestamp, signature = _parts(fake, now)
    headers = {"RC-App-Key": fake.key, "RC-Nonce": nonce, "RC-Timestamp": timestamp, "RC-Signature": signature}
    return {}, headers


def room_sync(fake: FakeRongCloud, now: int) -> tuple[dict[str, str], dict[str, str]]:
    """The calls of its audio and video rooms: in headers, milliseconds."""
    nonce, timestamp, signature = _parts(fake, now)
    return {}, {"appKey": fake.key, "nonce": nonce, "timestamp": timestamp, "signature": signature}


STYLES: Mapping[str, Sign] = {
    each.__name__: each for each in (im_2021, im_2015, sealtalk_query, sealtalk_headers, room_sync)
}


def delivered(sender: str, target: str, content: Any, **more: str) -> dict[str, str]:
    """The form of a delivered message: a text from person to person, if nothing else is said."""
    return {
        "fromUserId": sender,
        "toUserId": target,
        "objectName": "RC:TxtMsg",
        "content": content if isinstance(content, str) else dumped(content),
        "channelType": "PERSON",
        "msgTimestamp": str(machine_time()),
        "msgUID": f"5FGT-7VA9-G4DD-{next(_nonces)}",
        "sensitiveType": "0",
        "source": "iOS",
        **more,
    }


def machine_time() -> int:
    """Now, in milliseconds."""
    return time.time_ns() // 1_000_000  # noqa: TID251 - RongCloud has a clock of its own


async def route(
    fake: FakeRongCloud, http: aiohttp.ClientSession, address: str, form: Any, sign: Sign = im_2021, ago: int = 0
) -> tuple[int, Any]:
    """Pass a message on, signed so many milliseconds ago; status and answer."""
    query, headers = sign(fake, machine_time() - ago)
    body = form if isinstance(form, bytes) else urlencode(form, doseq=True).encode()
    headers["Content-Type"] = FORM
    async with http.post(address, params=query, headers=headers, data=body) as answer:
        return answer.status, await answer.json()
