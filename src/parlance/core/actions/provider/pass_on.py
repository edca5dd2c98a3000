"""What is said here, said again where a remote provider's clients are.

Once or not at all: what may have been said is not repeated, for what is said twice is read twice. A message that
certainly was not said waits, in memory and for a while; all of them stand in our history, whatever becomes of them.
"""

from collections import deque
from collections.abc import Callable, Collection, Sequence

from parlance.core.actions.provider.receive import REF_PREFIX
from parlance.core.model.app import App
from parlance.core.model.events import Event, MessageSent
from parlance.core.model.provider import ProviderName
from parlance.core.model.rong_objects import written
from parlance.core.ports.provider import Provider, Providers
from parlance.core.ports.store import Store
from parlance.kernel.clock import MINUTE, SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId, ClientId

MOST_WAITING = 10_000
"""Messages of one app; the oldest give way."""
_LONGEST_WAIT = 5 * MINUTE
"""Who comes back later finds them in the history."""
_AT_ONCE = 50


class PassOn:
    """Listens to what is said, and passes it on when it is called. `at_hand` knows the apps that are in use."""

    def __init__(self, store: Store, providers: Providers, at_hand: Callable[[str], App | None], clock: Clock) -> None:
        self._store = store
        self._providers = providers
        self._at_hand = at_hand
        self._clock = clock
        self._waiting: dict[AppId, deque[MessageSent]] = {}
        self._not_before: dict[AppId, int] = {}

    def heard(self, events: Sequence[Event]) -> None:
        """Take note of what is to be passed on."""
        for event in events:
            if type(event) is not MessageSent or event.message.seq is None:
                continue
            message = event.message
            app = self._at_hand(message.app_id)
            if app is None or app.settings.provider is ProviderName.EMBEDDED:
                continue
            if message.ref is None or not message.ref.startswith(REF_PREFIX):
                self._waiting.setdefault(app.app_id, deque(maxlen=MOST_WAITING)).append(event)

    async def __call__(self) -> bool:
        """One round; answer whether there may be more to do at once."""
        more = False
        for app_id, waiting in list(self._waiting.items()):
            app = self._at_hand(app_id)
            if app is None or not waiting:
                del self._waiting[app_id]
            elif self._not_before.get(app_id, 0) <= self._clock.now():
                more |= await self._some(app, waiting)
        return more

    async def _some(self, app: App, waiting: deque[MessageSent]) -> bool:
        """Pass on an app's next messages, in their order."""
        provider = self._providers.of(app)
        for _ in range(min(_AT_ONCE, len(waiting))):
            event = waiting.popleft()
            try:
                await self._pass(app, provider, event)
            except Fault as fault:
                if fault.code is not FaultCode.UNAVAILABLE:
                    continue
                if self._clock.now() - event.message.created_at < _LONGEST_WAIT:
                    waiting.appendleft(event)
                self._not_before[app.app_id] = self._clock.now() + (fault.retry_after or 1) * SECOND
                return False
        return bool(waiting)

    async def _pass(self, app: App, provider: Provider, event: MessageSent) -> None:
        message = event.message
        conversation = await self._store.read.conversations.find(app.app_id, message.conv_id, self._clock.now())
        if conversation is None or not provider.is_remote:
            return
        abilities = conversation.abilities
        if abilities.addressed:
            # What somebody says to the app alone has only itself for a reader.
            to = await self._numbers(app, [client for client in event.audience if client != message.sender])
            await provider.say_as_system(str(message.sender), list(to.values()), written(message))
            return
        numbers = await self._numbers(app, [message.sender, *message.mentions])
        mentions = tuple(numbers[client] for client in message.mentions if client in numbers)
        sender, what = numbers.get(message.sender), written(message, mentions)
        if sender is not None and abilities.numbered:
            await provider.say_in_group(sender, str(conversation.group_id), what)
        elif sender is not None and abilities.fixed_members:
            to = await self._numbers(app, [client for client in event.audience if client != message.sender])
            await provider.say_to_people(sender, list(to.values()), what)

    async def _numbers(self, app: App, clients: Collection[ClientId]) -> dict[ClientId, str]:
        users = await self._store.read.users.find_many(app.app_id, list(dict.fromkeys(clients)))
        return {client: str(user.uid) for client, user in users.items()}
