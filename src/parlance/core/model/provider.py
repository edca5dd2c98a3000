"""What an app's real-time service is known by, and how it is reached."""

import hashlib
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from parlance.kernel.faults import bad_format


class ProviderName(StrEnum):
    """What may stand behind an app."""

    EMBEDDED = "embedded"
    """This server."""
    RONGCLOUD = "rongcloud"


class DataCentre(msgspec.Struct, frozen=True):
    """Two addresses of one RongCloud."""

    host: str
    backup: str


CHINA = DataCentre("https://api.rong-api.com", "https://api-b.rong-api.com")


class RongCloudAccess(msgspec.Struct, frozen=True):
    """What it takes to speak to RongCloud for one app. Never printed: it holds the app's secret there."""

    key: str
    secret: str
    host: str
    backup: str

    @property
    def hosts(self) -> tuple[str, ...]:
        """Where to ask, the first first."""
        return tuple(each for each in dict.fromkeys((self.host, self.backup)) if each)

    @property
    def fingerprint(self) -> str:
        """Tells two accesses apart: what was given out under another one works no more."""
        return hashlib.sha256(f"{self.key}\0{self.secret}".encode()).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"RongCloudAccess({self.key!r}, ***, {self.host!r}, {self.backup!r})"


def judge_access(access: RongCloudAccess, *, needed: bool) -> None:
    """Refuse what cannot work: no key or secret where they are `needed`, addresses that are none."""
    for field, value in (("rongcloud_key", access.key), ("rongcloud_secret", access.secret)):
        if needed and not value:
            raise bad_format(field, "the provider rongcloud needs the app's key and secret there")
        if not value.isascii() or (value and not value.isprintable()):
            raise bad_format(field, "a key is printable ASCII")
    for field, value in (("rongcloud_host", access.host), ("rongcloud_backup", access.backup)):
        if field == "rongcloud_backup" and not value:
            continue
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"} or parts.query:
            raise bad_format(field, "an address such as https://api.rong-api.com is needed")
