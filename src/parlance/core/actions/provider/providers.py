"""Which real-time service stands behind which app."""

from collections.abc import Callable

from parlance.core.actions.provider.embedded import EmbeddedProvider
from parlance.core.model.app import App
from parlance.core.model.provider import ProviderName, RongCloudAccess
from parlance.core.ports.provider import Provider
from parlance.kernel.clock import Clock


class SettledProviders:
    """See `Providers`. `connect` makes the service behind an app out of its access there.

    A service is kept until the app's access to it changes: it knows which host answers and how fast it may ask.
    """

    def __init__(self, connect: Callable[[RongCloudAccess], Provider], clock: Clock) -> None:
        self._connect = connect
        self._clock = clock
        self._connected: dict[str, tuple[RongCloudAccess, Provider]] = {}

    def of(self, app: App) -> Provider:
        """See `Providers.of`."""
        if app.settings.provider is not ProviderName.RONGCLOUD:
            self._connected.pop(app.app_id, None)
            return EmbeddedProvider(app, self._clock)
        access = app.settings.rongcloud
        known = self._connected.get(app.app_id)
        if known is None or known[0] != access:
            known = self._connected[app.app_id] = (access, self._connect(access))
        return known[1]
