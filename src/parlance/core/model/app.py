"""An app: the tenant to whom everything belongs, and what it has settled for itself."""

from enum import StrEnum
from functools import cache
from types import MappingProxyType

import msgspec

from parlance.core.model.hook import HookAddress, hook_names, judge_hook_address
from parlance.core.model.provider import CHINA, ProviderName, RongCloudAccess, judge_access
from parlance.kernel.clock import DAY, HOUR, MINUTE, SECOND
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import AppId

SECRET_SETTINGS = frozenset({"rongcloud_secret", "hook_key"})
"""Settings that are shown to nobody in full unless asked for by name."""
_SHOWN_OF_SECRET = 4
_CUT = "…"


class Policy(StrEnum):
    """What a caller of this app has to show (decision 10)."""

    OPEN = "open"
    KEY = "key"
    TOKEN = "token"  # noqa: S105 - the name of a policy

    @property
    def asks_for_credential(self) -> bool:
        """Whether REST calls need the server key or a client token."""
        return self is not Policy.OPEN

    @property
    def asks_for_login_token(self) -> bool:
        """Whether a socket login needs a client token."""
        return self is Policy.TOKEN


class AppSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an app may decide for itself; times are milliseconds."""

    create_users: bool = True
    """A login, or a token minted, creates a user nobody has heard of."""
    recall_window: int | None = None
    """How long after sending a message may be recalled or edited by its sender; None: always."""
    group_capacity: int = 1_000
    temporary_capacity: int = 50
    temporary_lifetime: int = DAY
    devices_per_client: int = 16
    provider: ProviderName = ProviderName.EMBEDDED
    """The real-time service that stands behind the app."""
    signed_logins: bool = False
    """LeanCloud's clients log in with a signature only (or a session token), whatever the policy."""
    signed_conversations: bool = False
    """They start conversations, and bring people in or take them out, with a signature only."""
    signed_blacklists: bool = False
    """They block and unblock with a signature only."""
    route_lifetime: int = HOUR
    """How long LeanCloud's clients may keep what they were told of where the socket is."""
    hook_url: str = ""
    """Where the app's hooks are, each under its name; "": it has none."""
    hook_key: str = ""
    """Signs the calls of hooks; made with the first address."""
    hook_names: str = ""
    """The hooks that are there, with commas between; "": all of them."""
    hook_wait: int = 3 * SECOND
    """How long a hook may take to answer."""
    hook_must_answer: bool = False
    """What a hook cannot be asked about is not allowed; otherwise it is."""
    keep_events: bool = False
    """What hooks are told after the fact is kept to be fetched, also where nobody is told."""
    rongcloud_key: str = ""
    rongcloud_secret: str = ""
    rongcloud_host: str = CHINA.host
    rongcloud_backup: str = CHINA.backup
    """Where RongCloud is asked when the host does not answer; "": nowhere."""

    @property
    def hooks(self) -> HookAddress:
        """The app's hooks."""
        return _hooks(self.hook_url, self.hook_key, self.hook_names, self.hook_wait, self.hook_must_answer)

    @property
    def rongcloud(self) -> RongCloudAccess:
        """How RongCloud is reached for this app."""
        return RongCloudAccess(self.rongcloud_key, self.rongcloud_secret, self.rongcloud_host, self.rongcloud_backup)


class App(msgspec.Struct, frozen=True):
    """A tenant and its three keys (decision 10)."""

    app_id: AppId
    name: str
    app_key: str
    """Public: shipped clients carry it. Gives no right."""
    master_key: str
    """The server key: acts for the whole app."""
    token_secret: str
    """Signs client tokens."""
    policy: Policy
    settings: AppSettings
    created_at: int
    updated_at: int


_RANGES = MappingProxyType(
    {
        "recall_window": (0, 100 * 365 * DAY),
        "group_capacity": (1, 1_000_000_000),
        "temporary_capacity": (1, 1_000_000_000),
        "temporary_lifetime": (SECOND, 30 * DAY),
        "devices_per_client": (1, 1_000_000),
        "route_lifetime": (SECOND, DAY),
        "hook_wait": (1, MINUTE),
    }
)
"""What settings that are numbers may be; times are milliseconds."""


def cut_short(secret: str) -> str:
    """Enough of a secret to tell two apart, not enough to guess the rest; of a short one nothing."""
    shown = secret[:_SHOWN_OF_SECRET] if len(secret) >= 4 * _SHOWN_OF_SECRET else ""
    return f"{shown}{_CUT}" if secret else ""


def is_cut_short(secret: object) -> bool:
    """Whether that is what was left of a secret when it was shown."""
    return isinstance(secret, str) and secret.endswith(_CUT)


def judge_settings(settings: AppSettings) -> None:
    """Refuse settings that are out of range, or do not go together. Raises BAD_FORMAT."""
    judge_access(settings.rongcloud, needed=settings.provider is ProviderName.RONGCLOUD)
    for name, (least, most) in _RANGES.items():
        number = getattr(settings, name)
        if number is not None and not least <= number <= most:
            raise bad_format(name, f"{name} is {least} to {most}")
    judge_hook_address(settings.hook_url)
    hook_names(settings.hook_names)


@cache
def _hooks(url: str, key: str, names: str, wait: int, refuses: bool) -> HookAddress:
    # Asked for with every message of an app that has hooks.
    return HookAddress(url, key, hook_names(names), wait, refuses)
