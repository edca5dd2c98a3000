"""The verbs about groups whose callers wait for the provider: for faces of which it is a part."""

from dataclasses import dataclass

from parlance.core.actions.provider.in_step import CreateInStep, InStep
from parlance.core.model.member import Roster
from parlance.kernel.ids import ClientId


@dataclass(frozen=True)
class GroupsInStep:
    """As the verbs of the same names, and PROVIDER_FAILED or UNAVAILABLE with nothing changed on either side."""

    create_group: CreateInStep
    add_to_group: InStep[[int, tuple[ClientId, ...]], Roster]
    remove_from_group: InStep[[int, tuple[ClientId, ...]], tuple[ClientId, ...]]
    leave_group: InStep[[int], None]
    enter_by_code: InStep[[int, str], Roster]
    dissolve_group: InStep[[int], None]
