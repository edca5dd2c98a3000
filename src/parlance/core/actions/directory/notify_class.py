"""Notifying a class, once a day."""

from datetime import datetime, tzinfo

import msgspec

from parlance.core.actions.system.voice import Voice
from parlance.core.model.caller import Caller
from parlance.core.model.message import LARGEST_CONTENT
from parlance.core.model.organisation import PersonRole
from parlance.core.model.school_class import SchoolClass
from parlance.core.model.system_message import SystemMessage, SystemMessageType
from parlance.core.model.text import bytes_of
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ClientId

_MAY_NOTIFY = frozenset({PersonRole.TEACHER, PersonRole.ADMIN})


class _Fields(msgspec.Struct):
    """The fields of a message to a class, for programs; `uid` is who sent it, "" for the app's backend."""

    sys_message_type: SystemMessageType
    class_id: int
    class_name: str
    organization_id: int
    uid: str


class NotifyClass:
    """Notes that a class was notified today, and says something to everybody in it if there is something to say.

    A day begins at midnight of `zone`. Done by the backend, the organisation's admins and the class's teachers.
    """

    def __init__(self, store: Store, voice: Voice, clock: Clock, zone: tzinfo) -> None:
        self._store = store
        self._voice = voice
        self._clock = clock
        self._zone = zone

    async def __call__(self, caller: Caller, class_id: int, message: str | None = None) -> int:
        """The number of the note. A message goes with it or not at all.

        Raises UNKNOWN_ORGANISATION (no such class), NOT_PERMITTED, ALREADY_NOTIFIED, BAD_FORMAT.
        """
        if message is not None and not 1 <= bytes_of(message, "message") <= LARGEST_CONTENT:
            raise bad_format("message", f"a message has 1 to {LARGEST_CONTENT} bytes")
        now = self._clock.now()
        day = datetime.fromtimestamp(now / SECOND, self._zone).date().isoformat()
        async with self._store.begin() as tx:
            found = await tx.directory.school_class(caller.app.app_id, class_id)
            if found is None:
                raise Fault(FaultCode.UNKNOWN_ORGANISATION, "unknown class")
            if not await _may_notify(tx, caller.client_id, found):
                raise Fault(FaultCode.NOT_PERMITTED)
            note = await tx.directory.note(found.app_id, class_id, day, now)
            if note is None:
                raise Fault(FaultCode.ALREADY_NOTIFIED)
            if message is not None:
                people = await tx.directory.members_of_class(found.app_id, class_id)
                await self._voice.say(tx, found.app_id, people, _said(message, found, caller.client_id), now)
        return note


async def _may_notify(tx: Transaction, client: ClientId | None, school_class: SchoolClass) -> bool:
    if client is None:
        return True
    in_class = await tx.directory.members_of_class(school_class.app_id, school_class.class_id)
    if in_class.get(client) in _MAY_NOTIFY:
        return True
    people = await tx.directory.people(school_class.app_id, school_class.organization_id)
    return people.get(client) is PersonRole.ADMIN


def _said(message: str, school_class: SchoolClass, by: ClientId | None) -> SystemMessage:
    fields = _Fields(
        SystemMessageType.CLASS_MESSAGE,
        school_class.class_id,
        school_class.name,
        school_class.organization_id,
        by or "",
    )
    return SystemMessage(message, msgspec.json.encode(fields).decode())
