"""Uploads in two steps."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from conformance.blobs import samples
from core.actions.files.filing import ADA, APP, CLOCK, Filing, Sent, filing
from parlance.core.actions.files.reserve import LIFETIME, ReserveFile, UploadReserved
from parlance.core.actions.tenancy.directory import AppDirectory
from parlance.core.actions.tenancy.tokens import sign
from parlance.core.model.caller import Caller
from parlance.core.model.file_types import FileTypes
from parlance.kernel.clock import StoppedClock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId, ClientId, SystemIds


class Desk:
    """Both steps over one store and one folder, on a clock of their own."""

    def __init__(self, files: Filing) -> None:
        self.files = files
        self.clock = StoppedClock()
        self.reserve = ReserveFile(self.clock, SystemIds(CLOCK), FileTypes())
        self.take = UploadReserved(AppDirectory(files.store), files.upload, self.clock)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A server's files, and an app that is known."""
    async with filing(tmp_path) as files:
        async with files.store.begin() as tx:
            await tx.apps.add(APP)
        yield Desk(files)


async def refused(desk: Desk, token: str) -> FaultCode:
    """Why a token is refused."""
    with pytest.raises(Fault) as fault:
        await desk.take.place(token)
    return fault.value.code


async def test_a_file_lies_where_it_was_said(desk: Desk) -> None:
    """The place is told first, the bytes come later, and from whoever has the token."""
    photo = samples.picture("JPEG")
    reserved = desk.reserve(ADA, "../holiday.jpg")
    caller, place = await desk.take.place(reserved.token)
    assert (APP.app_id, False, None) == (caller.app.app_id, caller.keyed, caller.client_id)
    stored = await desk.take(caller, place, Sent(place.name, photo))
    assert (reserved.key, "holiday.jpg", "image/jpeg") == (stored.key, stored.name, stored.content_type)
    assert photo == await desk.files.bytes_of(reserved.key)


async def test_names_that_are_not_taken(desk: Desk) -> None:
    """Said at once, before anybody sends bytes in vain."""
    for name in ("run.exe", "nothing", ""):
        with pytest.raises(Fault) as fault:
            desk.reserve(ADA, name)
        assert FaultCode.WRONG_FILE_FORMAT is fault.value.code


async def test_what_comes_is_judged(desk: Desk) -> None:
    """A place is no way around the inspection."""
    caller, place = await desk.take.place(desk.reserve(ADA, "photo.jpg").token)
    with pytest.raises(Fault) as fault:
        await desk.take(caller, place, Sent(place.name, b"<script>"))
    assert FaultCode.WRONG_FILE_FORMAT is fault.value.code


async def test_a_place_is_taken_once(desk: Desk) -> None:
    """A file never changes under its address."""
    photo = samples.picture("JPEG")
    caller, place = await desk.take.place(desk.reserve(ADA, "photo.jpg").token)
    await desk.take(caller, place, Sent(place.name, photo))
    with pytest.raises(Fault) as fault:
        await desk.take(caller, place, Sent(place.name, photo))
    assert FaultCode.BAD_CREDENTIAL is fault.value.code


async def test_a_place_is_kept_for_an_hour(desk: Desk) -> None:
    """Then it is nobody's."""
    token = desk.reserve(ADA, "photo.jpg").token
    desk.clock.advance(LIFETIME)
    assert FaultCode.BAD_CREDENTIAL is await refused(desk, token)


async def test_tokens_of_other_kinds(desk: Desk) -> None:
    """No client token will do, nor one of an app that is not here, nor what is none."""
    stranger = Caller(msgspec.structs.replace(APP, app_id=AppId("elsewhere")))
    long_secret = msgspec.structs.replace(APP, token_secret="s" * 40)
    client_token = sign(long_secret, ClientId("ada"), desk.clock.now(), desk.clock.now() + LIFETIME)
    for token in (client_token, desk.reserve(stranger, "photo.jpg").token, "", "a.b.c"):
        assert FaultCode.BAD_CREDENTIAL is await refused(desk, token)
