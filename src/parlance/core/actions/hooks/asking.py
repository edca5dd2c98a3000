"""Asking an app's own server, and what becomes of its answer."""

from collections.abc import Mapping
from typing import Any

from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.hook import Hook, HookAnswer
from parlance.core.ports.hooks import Hooks
from parlance.kernel.faults import Fault, FaultCode

UNASKED = HookAnswer()
"""As if the app had said nothing."""


class Asking:
    """Asks apps that have a hook about what their clients do; what backends do is the app's own doing."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks

    def concerns(self, caller: Caller, hook: Hook) -> bool:
        """Whether there is somebody to be asked."""
        return caller.client_id is not None and caller.app.settings.hooks.has(hook)

    async def __call__(self, app: App, hook: Hook, body: Mapping[str, Any]) -> HookAnswer:
        """What the app says. Raises REJECTED_BY_APP, also for what cannot be asked if the app wants that."""
        try:
            answer = await self._hooks.ask(app, hook, body)
        except Fault as fault:
            if fault.code is not FaultCode.UNAVAILABLE:
                raise
            if app.settings.hooks.refuses:
                raise Fault(FaultCode.REJECTED_BY_APP, "the app could not be asked") from fault
            return UNASKED
        if answer.refuses:
            raise Fault(FaultCode.REJECTED_BY_APP, answer.detail, app_code=answer.code)
        return answer
