"""`verify`: nothing to say of a sound store, and a finding for each thing that is wrong."""

import apsw
import pytest

from conformance.store.stage import ADA, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Kind
from parlance.core.model.member import PLAIN
from parlance.core.model.organisation import Organisation, Person, PersonRole
from parlance.core.model.restriction import Restriction
from parlance.core.model.school_class import SchoolClass
from parlance.kernel.ids import ClientId
from parlance.stores.sql import SchemaError, verify

DAN = ClientId("dan")


async def live(stage: Stage) -> None:
    """A bit of everything: conversation 1 is direct, 2 a group, 3 deleted, 4 empty, 5 the app's own, 6 its channel."""
    await stage.app()
    async with stage.store.begin() as tx:
        await tx.users.add_missing(HALL, [ADA, BEN, CY], stage.clock.now())
    direct = await stage.conversation(Kind.DIRECT, ADA, BEN, conv_id="c1")
    group = await stage.group(ADA, BEN, CY, conv_id="c2")
    gone = await stage.group(ADA, conv_id="c3")
    await stage.conversation(Kind.ROOM, conv_id="c4")
    for conversation in (direct, group, gone):
        for sender in (ADA, BEN):
            await stage.say(conversation, sender, ref="r")
            stage.clock.advance(1)
    await stage.read(group, CY, 1)
    async with stage.store.begin() as tx:
        await tx.members.leave(group.id, [BEN], stage.clock.now())
        await tx.members.join(group.id, {BEN: PLAIN}, stage.clock.now())
        message = (await tx.messages.after(group.id, 0, 1))[0]
        await tx.messages.recall(message.id, stage.clock.now())
    await stage.delete(gone)
    system = await stage.conversation(Kind.SYSTEM, conv_id="c5")
    said = stage.said(system, ClientId("system")).message
    async with stage.store.begin() as tx:
        await tx.addressed.add(said, [ADA, ClientId("system")], stage.clock.now())
        await tx.join_requests.add(group.id, DAN, stage.clock.now())
        await tx.directory.put_organisation(Organisation(HALL, 1))
        await tx.directory.put_class(SchoolClass(HALL, 10, 1))
        await tx.directory.put_person(Person(HALL, 1, ADA, PersonRole.TEACHER, (10,)))
        await tx.directory.note(HALL, 10, "2027-01-15", stage.clock.now())
    service = await stage.conversation(Kind.SERVICE, ADA, conv_id="c6")
    first, second = stage.said(service).message, stage.said(service, BEN).message
    async with stage.store.begin() as tx:
        await tx.addressed.add_for_everybody(first, stage.clock.now())
        await tx.addressed.add(second, [CY], stage.clock.now())
        await tx.messages.delete(service.id, first.id)
        await tx.restrictions.put(group.id, {DAN: Restriction(blocked=True)}, stage.clock.now(), ADA)


async def test_a_sound_store_has_no_findings(stage: Stage) -> None:
    """After a bit of everything, and while it is open."""
    assert [] == await stage.verify()
    await live(stage)
    assert [] == await stage.verify()


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ("DELETE FROM messages WHERE conversation = 2 AND seq = 1", "gap-free: hall/c2 (2)"),
        ("UPDATE heights SET last_seq = 3 WHERE conversation = 2", "gap-free: hall/c2 (2)"),
        ("UPDATE heights SET last_message_at = 1 WHERE conversation = 1", "last-message: hall/c1 (1)"),
        ("DELETE FROM heights WHERE conversation = 4", "height: hall/c4 (4)"),
        ("INSERT INTO heights VALUES (3, 2, NULL, 0)", "height: hall/c3 (3)"),
        ("UPDATE members SET read_seq = 9 WHERE conversation = 2 AND client_id = 'cy'", "read-mark: hall/c2 (2) cy"),
        (
            "UPDATE members SET read_seq = 0 WHERE conversation = 1 AND client_id = 'ben'",
            "sender-read: hall/c1 (1) ben",
        ),
        ("UPDATE members SET status = 1 WHERE conversation = 1 AND client_id = 'ada'", "direct: hall/c1 (1)"),
        (
            "UPDATE members SET app_id = 'annex' WHERE conversation = 2 AND client_id = 'cy'",
            "member-app: hall/c2 (2) cy",
        ),
        ("DELETE FROM conversations WHERE id = 3", "orphan-message: 3 seq 1"),
        ("DELETE FROM conversations WHERE id = 3", "orphan-member: 3 ada"),
        ("DELETE FROM conversations WHERE id = 4", "orphan-height: 4"),
        (
            "DROP INDEX messages_by_ref; UPDATE messages SET sender = 'ada' WHERE conversation = 2",
            "duplicate-ref: 2 ada: ref r stands 2 times",
        ),
        ("UPDATE conversations SET group_id = NULL WHERE id = 2", "group-number: hall/c2 (2)"),
        ("UPDATE conversations SET group_id = 77 WHERE id = 1", "group-number: hall/c1 (1)"),
        ("UPDATE group_numbers SET latest = 0", "group-number: hall/c2 (2)"),
        ("UPDATE addressees SET seq = 2 WHERE client_id = 'ada'", "addressee: hall/c5 (5) ada"),
        ("UPDATE join_requests SET client_id = 'cy'", "join-request: hall/c2 (2) cy"),
        ("UPDATE join_requests SET conversation = 3", "orphan-join-request: 3 dan"),
        ("DELETE FROM organisations", "orphan-class: hall/10"),
        ("DELETE FROM organisations", "orphan-enrolment: hall/1 ada"),
        ("DELETE FROM classes", "orphan-enrolment: hall/1 ada"),
        ("DELETE FROM classes", "orphan-notice: hall/10 2027-01-15"),
        ("DELETE FROM enrolments WHERE class_id = 0", "enrolment: hall/1 ada"),
        ("DELETE FROM apps", "orphan-user: hall/ada"),
        ("UPDATE messages SET created_at = 1 WHERE conversation = 2 AND seq = 2", "message-time: hall/c2 (2)"),
        ("UPDATE messages SET status = 0 WHERE conversation = 1 AND seq = 1", "deleted-message: hall/c1 (1)"),
        ("UPDATE members SET delivered_seq = 9 WHERE client_id = 'cy'", "delivered-mark: hall/c2 (2) cy"),
        ("UPDATE restrictions SET app_id = 'annex'", "restriction-app: hall/c2 (2) dan"),
        ("DELETE FROM conversations WHERE id = 2", "orphan-restriction: 2 dan"),
        ("DELETE FROM conversations WHERE id = 5", "orphan-addressee: 5 ada"),
    ],
)
async def test_each_wrong_is_named(stage: Stage, damage: str, expected: str) -> None:
    """By its rule and by what it is about."""
    await live(stage)
    await stage.damage(damage)
    assert any(str(finding).startswith(expected) for finding in await stage.verify())


async def test_a_damaged_file_is_named(file_stage: Stage) -> None:
    """An index whose pages belong to another one is found by SQLite's own check."""
    await live(file_stage)
    connection = apsw.Connection(str(file_stage.path))
    connection.execute("PRAGMA writable_schema = 1")
    connection.execute(
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'members_by_client')"
        " WHERE name = 'messages_by_ref'"
    )
    connection.close()
    assert {"integrity"} == {finding.rule for finding in await file_stage.verify()}


async def test_what_is_no_store_is_not_verified(file_stage: Stage) -> None:
    """A file that is not there has no findings to give; that is said."""
    with pytest.raises(SchemaError):
        await verify(file_stage.path.parent / "nothing.db")
