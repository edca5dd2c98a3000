"""The composition root: the one place that names adapters and puts them together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from parlance.app.config import Config
from parlance.app.metrics import Tallies
from parlance.app.safety import guard
from parlance.blobs.inspection import ByteInspector
from parlance.blobs.objects import open_blobs
from parlance.buses.local import LocalBus
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.changes import Changes
from parlance.core.actions.conversations.delete import DeleteConversation, EndExpired
from parlance.core.actions.conversations.open import OpenConversation
from parlance.core.actions.conversations.recents import RecentConversations
from parlance.core.actions.conversations.search import SearchConversations
from parlance.core.actions.conversations.sync import Sync
from parlance.core.actions.conversations.update import UpdateConversations
from parlance.core.actions.directory.classes import DeleteClass, PutClass
from parlance.core.actions.directory.contacts import Contacts
from parlance.core.actions.directory.notify_class import NotifyClass
from parlance.core.actions.directory.organisations import DeleteOrganisation, PutOrganisation
from parlance.core.actions.directory.people import DeletePerson, PutPerson
from parlance.core.actions.doors import Doors
from parlance.core.actions.files.discard import DiscardFile
from parlance.core.actions.files.open_file import OpenFile
from parlance.core.actions.files.upload import UploadFile
from parlance.core.actions.files.upload_image import UploadImage
from parlance.core.actions.groups.ask import AskToJoin
from parlance.core.actions.groups.create import CreateGroup
from parlance.core.actions.groups.dissolve import DissolveGroup
from parlance.core.actions.groups.enter import EnterByCode
from parlance.core.actions.groups.find import FindGroup, GroupsOf, ListGroups
from parlance.core.actions.groups.members import AddToGroup, LeaveGroup, RemoveFromGroup
from parlance.core.actions.groups.update import UpdateGroup
from parlance.core.actions.members.call import CallMember
from parlance.core.actions.members.describe import DescribeMembers
from parlance.core.actions.members.invite import Invite
from parlance.core.actions.members.list import ListMembers
from parlance.core.actions.members.remove import RemoveMembers
from parlance.core.actions.members.rooms import EnterRoom, LeaveRoom
from parlance.core.actions.messages.edit import EditMessage
from parlance.core.actions.messages.history import ListMessages, ReadHistory
from parlance.core.actions.messages.mark_read import MarkRead
from parlance.core.actions.messages.read_page import ReadDirectPage, ReadPage
from parlance.core.actions.messages.recall import RecallMessage
from parlance.core.actions.messages.send import SendMessage
from parlance.core.actions.messages.type import Type
from parlance.core.actions.pace import Pace
from parlance.core.actions.people.ban import Ban
from parlance.core.actions.people.bans import Bans
from parlance.core.actions.people.profiles import (
    CreateUser,
    FindUser,
    FindUserByUid,
    FindUsers,
    ListUsers,
    UpdateProfile,
)
from parlance.core.actions.people.welcome import Welcome
from parlance.core.actions.presence.come_and_go import ComeOnline, GoOffline
from parlance.core.actions.presence.log_in import LogIn
from parlance.core.actions.presence.watch import Watch
from parlance.core.actions.provider.get_token import GetProviderToken
from parlance.core.actions.provider.groups import GroupsInStep
from parlance.core.actions.provider.in_step import CreateInStep, InStep
from parlance.core.actions.provider.keep_in_step import KeepInStep
from parlance.core.actions.provider.providers import SettledProviders
from parlance.core.actions.provider.telling import TellingStore
from parlance.core.actions.rosters import Rosters
from parlance.core.actions.system.group_notices import GroupNotices
from parlance.core.actions.system.voice import Voice
from parlance.core.actions.tenancy.apps import ChangeApp, FindApps, RegisterApp
from parlance.core.actions.tenancy.authenticate import Authenticate
from parlance.core.actions.tenancy.directory import AppDirectory
from parlance.core.actions.tenancy.issue_token import IssueToken
from parlance.core.actions.tenancy.sign import Sign
from parlance.core.model.file_types import Family, file_types
from parlance.core.ports.provider import Providers
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock, SystemClock
from parlance.kernel.ids import Ids, SystemIds
from parlance.kernel.tallies import UploadTally
from parlance.outbound.rongcloud.connections import RongCloudConnections
from parlance.realtime.fanout import Fanout
from parlance.realtime.hub import Hub
from parlance.realtime.outbox import Flusher
from parlance.realtime.presence import LocalPresence
from parlance.stores.sql.store import SqlStore, open_sqlite


@dataclass(frozen=True)
class Application:
    """A Parlance with everything connected, not yet listening to anybody."""

    config: Config
    clock: Clock
    ids: Ids
    tallies: Tallies
    store: SqlStore
    directory: AppDirectory
    hub: Hub
    flusher: Flusher
    actions: Actions


@asynccontextmanager
async def opened(config: Config, *, clock: Clock | None = None, ids: Ids | None = None) -> AsyncIterator[Application]:
    """Open the store and put everything together on it; on leaving, what waits is written and the store closed."""
    clock = clock or SystemClock()
    ids = ids or SystemIds(clock)
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    bus = LocalBus()
    tallies = Tallies()
    store = await open_sqlite(
        config.database_path,
        announce=bus.publish,
        clock=clock,
        waiting=config.limits.waiting_appends,
        tally=tallies.store,
    )
    rongcloud = RongCloudConnections(clock, ids, config.limits.provider_wait)
    try:
        bans = Bans(store)
        await bans.load()
        providers = SettledProviders(rongcloud.connect, clock)
        yield _connected(config, clock, ids, tallies, store, bus, bans, providers)
    finally:
        await rongcloud.close()
        await store.close()


def _connected(
    config: Config,
    clock: Clock,
    ids: Ids,
    tallies: Tallies,
    store: SqlStore,
    bus: LocalBus,
    bans: Bans,
    providers: SettledProviders,
) -> Application:
    hub = Hub()
    presence = LocalPresence(hub)
    rosters = Rosters(store, presence, clock, config.limits.cached_members)
    directory = AppDirectory(store, guard(config))
    fanout = Fanout(hub, rosters, tallies.fanout)
    # Who judges hears first, who tells hears then, who forgets hears last.
    for listener in (bans.heard, rosters.heard, fanout.heard, presence.heard, hub.heard):
        bus.listen(listener)
    actions = _actions(config, clock, ids, store, bus, presence, rosters, bans, directory, tallies.uploads, providers)
    flusher = Flusher(asyncio.get_running_loop().call_soon)
    return Application(config, clock, ids, tallies, store, directory, hub, flusher, actions)


def _actions(
    config: Config,
    clock: Clock,
    ids: Ids,
    untold: Store,
    bus: LocalBus,
    presence: LocalPresence,
    rosters: Rosters,
    bans: Bans,
    directory: AppDirectory,
    uploads: UploadTally,
    providers: Providers,
) -> Actions:
    limits = config.limits
    store = TellingStore(untold, providers, clock, ids)
    doors = Doors(rosters)
    voice = Voice(ids)
    notices = GroupNotices(voice)
    changes = Changes(notices)
    welcome = Welcome(store, bans, clock)
    blobs = open_blobs(config.files_url or config.files_path)
    inspector, types = ByteInspector(limits.image_pixels), file_types(config.file_types)
    open_conversation = OpenConversation(store, changes, presence, bus, bans, clock, ids)
    pace = Pace(clock, limits.sends_per_second, limits.burst)
    mark_read = MarkRead(store.appender, doors, rosters, clock)
    read_page = ReadPage(store, doors, mark_read, bans)
    return Actions(
        register_app=RegisterApp(store, clock, ids),
        find_apps=FindApps(store),
        change_app=ChangeApp(store, clock, ids),
        authenticate=Authenticate(directory, bans, clock),
        issue_token=IssueToken(welcome, clock),
        sign=Sign(clock, ids),
        create_user=CreateUser(store, clock),
        find_user=FindUser(store),
        find_user_by_uid=FindUserByUid(store),
        find_users=FindUsers(store),
        list_users=ListUsers(store),
        update_profile=UpdateProfile(store, clock),
        ban=Ban(store, banned=True),
        unban=Ban(store, banned=False),
        log_in=LogIn(directory, welcome, clock),
        come_online=ComeOnline(bus),
        go_offline=GoOffline(presence, bus, clock),
        watch=Watch(presence, limits.watched),
        open_conversation=open_conversation,
        search_conversations=SearchConversations(store, presence, clock),
        update_conversations=UpdateConversations(store, rosters, changes, clock),
        delete_conversation=DeleteConversation(store, doors, changes, clock),
        end_expired=EndExpired(store, rosters, changes, clock),
        sync=Sync(store, clock),
        recent_conversations=RecentConversations(store, welcome, clock),
        invite=Invite(store, doors, changes, presence, bus, bans, clock),
        list_members=ListMembers(doors),
        describe_members=DescribeMembers(store, doors),
        call_member=CallMember(store, doors),
        remove_members=RemoveMembers(store, doors, changes, presence, bus, clock),
        enter_room=EnterRoom(doors, presence, bus, pace, clock),
        leave_room=LeaveRoom(doors, presence, bus, pace, clock),
        create_group=CreateGroup(store, doors, changes, bans, clock, ids),
        find_group=FindGroup(doors),
        list_groups=ListGroups(store),
        groups_of=GroupsOf(store),
        update_group=UpdateGroup(store, doors, changes, clock),
        dissolve_group=DissolveGroup(store, doors, changes, clock),
        add_to_group=AddToGroup(store, doors, changes, bans, clock),
        remove_from_group=RemoveFromGroup(store, doors, changes, clock),
        leave_group=LeaveGroup(store, doors, changes, clock),
        ask_to_join=AskToJoin(store, doors, notices, bans, clock),
        enter_by_code=EnterByCode(store, doors, changes, bans, clock),
        put_organisation=PutOrganisation(store),
        delete_organisation=DeleteOrganisation(store),
        put_class=PutClass(store),
        delete_class=DeleteClass(store),
        put_person=PutPerson(store, bans, clock),
        delete_person=DeletePerson(store),
        contacts=Contacts(store),
        notify_class=NotifyClass(store, voice, clock, ZoneInfo(config.timezone)),
        send=SendMessage(store.appender, bus, rosters, doors, open_conversation, bans, pace, clock, ids),
        list_messages=ListMessages(store, doors),
        read_history=ReadHistory(store, doors),
        read_page=read_page,
        read_direct_page=ReadDirectPage(store, welcome, read_page),
        mark_read=mark_read,
        recall=RecallMessage(store, doors, pace, clock),
        edit=EditMessage(store, doors, pace, clock),
        type=Type(doors, bus, pace),
        upload_file=UploadFile(store, blobs, inspector, clock, ids, limits, types, uploads),
        upload_image=UploadImage(
            UploadFile(store, blobs, inspector, clock, ids, limits, types.only(Family.IMAGE), uploads, names=False)
        ),
        discard_file=DiscardFile(store, blobs),
        open_file=OpenFile(store, blobs),
        provider_token=GetProviderToken(store, welcome, providers, clock),
        in_step=_groups_in_step(store, untold, providers, doors, changes, bans, clock, ids),
        keep_in_step=KeepInStep(untold, providers, clock, ids),
    )


def _groups_in_step(
    telling: Store,
    untold: Store,
    providers: Providers,
    doors: Doors,
    changes: Changes,
    bans: Bans,
    clock: Clock,
    ids: Ids,
) -> GroupsInStep:
    world = (telling, untold, providers, clock, ids)
    return GroupsInStep(
        create_group=CreateInStep(lambda store: CreateGroup(store, doors, changes, bans, clock, ids), *world),
        add_to_group=InStep(lambda store: AddToGroup(store, doors, changes, bans, clock), *world),
        remove_from_group=InStep(lambda store: RemoveFromGroup(store, doors, changes, clock), *world),
        leave_group=InStep(lambda store: LeaveGroup(store, doors, changes, clock), *world),
        enter_by_code=InStep(lambda store: EnterByCode(store, doors, changes, bans, clock), *world),
        dissolve_group=InStep(lambda store: DissolveGroup(store, doors, changes, clock), *world),
    )
