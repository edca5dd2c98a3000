"""Coming and going: `session`, `report`, `login`, `logout`, `echo`."""

from typing import ClassVar, Final, final

from msgspec import field

from parlance.protocols.leancloud.capabilities import Capabilities, capabilities
from parlance.protocols.leancloud.commands.command import Command, Signable

MOST_ASKED_ABOUT: Final = 20
_NO_TAG: Final = ("", "default")


@final
class OpenSession(Signable, kw_only=True):
    """`session/open` (wire: leancloud#session-open)."""

    header: ClassVar[tuple[str, ...]] = ("appId", "peerId")

    app_id: str | None = None
    peer_id: str = ""
    ua: str = ""
    reconnect: bool = field(default=False, name="r")
    """By the client itself, after its socket was lost."""
    st: str | None = None
    tag: str | None = None
    device_id: str | None = None
    device_token: str | None = None
    last_unread_notif_time: int = 0
    last_patch_time: int = 0
    config_bitmap: int = 0

    @property
    def capabilities(self) -> Capabilities:
        """What this client can take."""
        return capabilities(self.config_bitmap)

    @property
    def device(self) -> str | None:
        """Whatever tells its device from others."""
        return self.device_id or self.device_token

    @property
    def exclusive_tag(self) -> str | None:
        """The tag of which a client has one device at a time (wire: leancloud#tags)."""
        return None if self.tag is None or self.tag in _NO_TAG else self.tag


@final
class CloseSession(Command):
    """`session/close` (wire: leancloud#session-close)."""


@final
class QuerySessions(Command, kw_only=True):
    """`session/query`: who of these is online (wire: leancloud#session-query)."""

    session_peer_ids: list[str] = field(default_factory=list)

    @property
    def asked_about(self) -> list[str]:
        """Those who are looked at; the others count as offline."""
        return self.session_peer_ids[:MOST_ASKED_ABOUT]


@final
class RefreshSession(Signable, kw_only=True):
    """`session/refresh`: another token, please (wire: leancloud#session-refresh)."""

    ua: str = ""
    st: str | None = None


@final
class UploadReport(Command, kw_only=True):
    """`report/upload`: where to push to (wire: leancloud#report)."""

    initiative: bool = False
    type: str = ""
    data: str = ""


@final
class Login(Command, kw_only=True):
    """`login`, of an installation that watches queries or waits for pushes (wire: leancloud#login)."""

    header: ClassVar[tuple[str, ...]] = ("appId", "installationId", "service")

    app_id: str | None = None
    installation_id: str | None = None
    service: int | None = None


@final
class Logout(Command, kw_only=True):
    """`logout` (wire: leancloud#login)."""

    header: ClassVar[tuple[str, ...]] = ("appId", "installationId", "service")

    app_id: str | None = None
    installation_id: str | None = None
    service: int | None = None


@final
class Echo(Command):
    """`echo`: a sign of life (wire: leancloud#echo)."""
