"""Who looks after an installation: names, passwords, sessions, and what wrong passwords cost."""

import hmac
import re
from hashlib import blake2b, scrypt
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import msgspec

from parlance.kernel.clock import DAY, HOUR, MINUTE, SECOND
from parlance.kernel.faults import bad_format

FIRST = "admin"
"""The operator that an installation begins with."""
SESSION_LIFETIME = 12 * HOUR
LINK_LIFETIME = 15 * MINUTE
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 256
FREE_ATTEMPTS = 3
"""Wrong passwords that cost nothing but the asking."""
LONGEST_PAUSE_OF_NAME = 30 * SECOND
"""Short: whoever guesses at a name must not keep the operator of that name out."""
LONGEST_PAUSE_OF_ADDRESS = 15 * MINUTE
FORGOTTEN_AFTER = DAY
"""So long after the last wrong password nothing is held against anybody."""
MOST_FAILURES = 10_000
"""Names and addresses of which it is kept that they were wrong: whoever has many of either does not fill the store."""
KNOWN_FOR = 30 * DAY
"""So long others' guesses at a name do not keep its operator out where it came in from."""
MOST_REFUSALS = 100
"""Attempts to come in, in vain, that a server writes down one by one within REFUSALS_WITHIN; then it counts them."""
REFUSALS_WITHIN = HOUR
AUDIT_KEPT = 400 * DAY

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?")
_COST, _BLOCK, _LANES, _LENGTH = 1 << 14, 8, 1, 32
_MEMORY = 64 * 1024 * 1024


class Operator(msgspec.Struct, frozen=True):
    """Somebody who may do everything, to every app. `password` is hashed."""

    name: str
    password: str
    created_at: int
    changed_at: int
    """When the password was set."""


class OperatorSession(msgspec.Struct, frozen=True):
    """Somebody is logged in, or (`one_time`) may come in once. `token` is the hash of what is shown."""

    token: str
    operator: str
    created_at: int
    expires_at: int
    one_time: bool = False


class Failures(msgspec.Struct, frozen=True):
    """How often in a row somebody was wrong, and until when (ms) nobody listens."""

    wrong: int = 0
    locked_until: int = 0


def judge_name(name: str) -> None:
    """Refuse a name that is unusable: BAD_FORMAT."""
    if not _NAME.fullmatch(name):
        raise bad_format("name", "an operator's name has 1 to 64 lower-case letters, digits and . _ @ -")


def judge_password(password: str) -> None:
    """Refuse a password that is too short to stand, or too long to be one: BAD_FORMAT."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise bad_format("password", f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")


def made_up_password(secret: str) -> str:
    """A password of what is chance: 20 characters (about 119 bits), in groups that can be read aloud."""
    return "-".join(secret[at : at + 5] for at in range(0, 20, 5))


def hashed(password: str, salt: str) -> str:
    """A password as it is kept. Takes tens of milliseconds on purpose."""
    return f"scrypt${_COST}${_BLOCK}${_LANES}${salt}${_digest(password, salt, _COST, _BLOCK, _LANES)}"


def fits(password: str, kept: str) -> bool:
    """Whether that is the password. Takes as long whatever it is."""
    _, cost, block, lanes, salt, digest = kept.split("$")
    return hmac.compare_digest(_digest(password, salt, int(cost), int(block), int(lanes)), digest)


def _digest(password: str, salt: str, cost: int, block: int, lanes: int) -> str:
    # Half a surrogate pair is no text, and nobody's password.
    raw = password.encode(errors="replace")
    made = scrypt(raw, salt=salt.encode(), n=cost, r=block, p=lanes, maxmem=_MEMORY, dklen=_LENGTH)
    return made.hex()


NOBODYS = f"scrypt${_COST}${_BLOCK}${_LANES}${'0' * 32}${'0' * 64}"
"""What is compared when there is no such operator: it takes as long, and fits nothing."""


def token_hash(shown: str) -> str:
    """Under what a session's token is kept."""
    return blake2b(shown.encode(errors="replace"), digest_size=32, person=b"session").hexdigest()


def csrf_token(shown: str) -> str:
    """What a page must say besides its cookie: whoever only has the cookie sent along cannot know it."""
    return blake2b(shown.encode(errors="replace"), digest_size=16, person=b"csrf").hexdigest()


def pause(wrong: int, longest: int) -> int:
    """How long (ms) nobody listens after so many wrong passwords in a row."""
    over = wrong - FREE_ATTEMPTS
    return 0 if over <= 0 else min(SECOND << min(over - 1, 20), longest)


def network_of(address: str) -> str:
    """Whom wrong passwords are held against: an address; of IPv6 the whole network that one customer has."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Network((parsed, 64), strict=False))
    return str(parsed)
