"""Every action with the parts it works with; `assemble.py` has made the parts."""

from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from parlance.app.config import Config
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.changes import Changes
from parlance.core.actions.conversations.change_columns import ChangeColumns
from parlance.core.actions.conversations.delete import DeleteConversation, EndExpired
from parlance.core.actions.conversations.find import FindConversations
from parlance.core.actions.conversations.mute import ListMuted, Mute
from parlance.core.actions.conversations.open import OpenConversation
from parlance.core.actions.conversations.query import QueryConversations
from parlance.core.actions.conversations.recents import RecentConversations
from parlance.core.actions.conversations.scan import ScanConversations
from parlance.core.actions.conversations.search import SearchConversations
from parlance.core.actions.conversations.start import StartConversation
from parlance.core.actions.conversations.sync import Sync
from parlance.core.actions.conversations.update import UpdateConversations
from parlance.core.actions.directory.classes import DeleteClass, PutClass
from parlance.core.actions.directory.contacts import Contacts
from parlance.core.actions.directory.notify_class import NotifyClass
from parlance.core.actions.directory.organisations import DeleteOrganisation, PutOrganisation
from parlance.core.actions.directory.people import DeletePerson, PutPerson
from parlance.core.actions.doors import Doors
from parlance.core.actions.files.discard import DiscardFile
from parlance.core.actions.files.list import ListFiles
from parlance.core.actions.files.open_file import OpenFile
from parlance.core.actions.files.reserve import ReserveFile, UploadReserved
from parlance.core.actions.files.upload import UploadFile
from parlance.core.actions.files.upload_image import UploadImage
from parlance.core.actions.groups.ask import AskToJoin
from parlance.core.actions.groups.create import CreateGroup
from parlance.core.actions.groups.dissolve import DissolveGroup
from parlance.core.actions.groups.enter import EnterByCode
from parlance.core.actions.groups.find import FindGroup, GroupsOf, ListGroups
from parlance.core.actions.groups.members import AddToGroup, LeaveGroup, RemoveFromGroup
from parlance.core.actions.groups.update import UpdateGroup
from parlance.core.actions.hooks.asking import Asking
from parlance.core.actions.hooks.conversations import (
    AskedBringIn,
    AskedChangeColumns,
    AskedMute,
    AskedStart,
    AskedTakeOut,
)
from parlance.core.actions.hooks.deliver import Deliver
from parlance.core.actions.hooks.events import FetchEvents, ListDeliveries, Replay
from parlance.core.actions.hooks.messages import AskedEdit, AskedRecall, AskedSend
from parlance.core.actions.hooks.presence import Comings, ToldComeOnline, ToldGoOffline
from parlance.core.actions.hooks.telling import Telling
from parlance.core.actions.members.bring_in import BringIn
from parlance.core.actions.members.call import CallMember
from parlance.core.actions.members.count import CountMembers
from parlance.core.actions.members.describe import DescribeMembers
from parlance.core.actions.members.invite import Invite
from parlance.core.actions.members.list import ListMembers
from parlance.core.actions.members.marks import MemberMarks
from parlance.core.actions.members.membership import Membership
from parlance.core.actions.members.remove import RemoveMembers
from parlance.core.actions.members.restrict import Block, Silence, Unblock, Unsilence
from parlance.core.actions.members.restricted import BlockingConversations, Restricted, RestrictedAmong
from parlance.core.actions.members.roles import Roles, SetRole
from parlance.core.actions.members.rooms import EnterRoom, LeaveRoom
from parlance.core.actions.members.subscribers import Subscribers, Subscriptions
from parlance.core.actions.members.take_out import TakeOut
from parlance.core.actions.messages.addressing import Addressing
from parlance.core.actions.messages.broadcast import (
    HearBroadcasts,
    ListBroadcasts,
    SayToEverybody,
    WithdrawBroadcast,
)
from parlance.core.actions.messages.catch_up import NotificationsSince, PatchedSince, UnreadInbox
from parlance.core.actions.messages.channels import Channels
from parlance.core.actions.messages.delete import DeleteMessage
from parlance.core.actions.messages.edit import EditMessage
from parlance.core.actions.messages.history import ListMessages, ReadHistory
from parlance.core.actions.messages.mark_at import MarkAt
from parlance.core.actions.messages.mark_read import MarkDelivered, MarkRead
from parlance.core.actions.messages.read_page import ReadDirectPage, ReadPage
from parlance.core.actions.messages.read_range import ReadRange
from parlance.core.actions.messages.recall import RecallMessage
from parlance.core.actions.messages.said import SaidBy
from parlance.core.actions.messages.say import SayToClients, SayToSubscribers
from parlance.core.actions.messages.send import SendMessage
from parlance.core.actions.messages.trace import TraceMessage
from parlance.core.actions.messages.type import Type
from parlance.core.actions.moving_in.arrived import FindArrived, FindArrivedMessages
from parlance.core.actions.moving_in.conversations import TakeOverConversations
from parlance.core.actions.moving_in.files import TakeOverFiles
from parlance.core.actions.moving_in.messages import TakeOverMessages
from parlance.core.actions.moving_in.people import TakeOverPeople
from parlance.core.actions.occupancy import Occupancy
from parlance.core.actions.operating.audit import Audit
from parlance.core.actions.operating.operators import Operators
from parlance.core.actions.operating.servers import LookAtServers
from parlance.core.actions.operating.sign_in import SignIn
from parlance.core.actions.pace import Pace
from parlance.core.actions.people.ban import Ban
from parlance.core.actions.people.bans import Bans
from parlance.core.actions.people.erase import EraseUser
from parlance.core.actions.people.export import ExportUser
from parlance.core.actions.people.profiles import (
    CreateUser,
    FindUser,
    FindUserByUid,
    FindUsers,
    ListUsers,
    UpdateProfile,
)
from parlance.core.actions.people.search import SearchUsers
from parlance.core.actions.people.welcome import Welcome
from parlance.core.actions.presence.attendance import Attendance
from parlance.core.actions.presence.come_and_go import ComeOnline, GoOffline
from parlance.core.actions.presence.devices import DevicesOf
from parlance.core.actions.presence.kick import Kick
from parlance.core.actions.presence.log_in import LogIn
from parlance.core.actions.presence.lost_rooms import LostRooms
from parlance.core.actions.presence.open_session import OpenSession, RefreshSession, SessionOf, SessionTokens
from parlance.core.actions.presence.watch import Watch
from parlance.core.actions.presence.who_is_online import WhoIsOnline
from parlance.core.actions.provider.get_token import GetProviderToken
from parlance.core.actions.provider.groups import GroupsInStep
from parlance.core.actions.provider.in_step import CreateInStep, InStep
from parlance.core.actions.provider.keep_in_step import KeepInStep
from parlance.core.actions.provider.pass_on import PassOn
from parlance.core.actions.provider.receive import ReceiveRouted
from parlance.core.actions.rosters import Rosters
from parlance.core.actions.system.group_notices import GroupNotices
from parlance.core.actions.system.voice import Voice
from parlance.core.actions.tenancy.apps import ChangeApp, FindApps, RegisterApp
from parlance.core.actions.tenancy.authenticate import Authenticate
from parlance.core.actions.tenancy.check_signature import CheckSignature, Signatures
from parlance.core.actions.tenancy.directory import AppDirectory
from parlance.core.actions.tenancy.issue_token import IssueToken
from parlance.core.actions.tenancy.sign import Sign
from parlance.core.model.file_types import Family, file_types
from parlance.core.ports.aside import Aside
from parlance.core.ports.blobs import Blobs
from parlance.core.ports.bus import Bus
from parlance.core.ports.colleagues import Colleagues
from parlance.core.ports.hooks import Hooks
from parlance.core.ports.inspector import Inspector
from parlance.core.ports.presence import Presence
from parlance.core.ports.provider import Providers
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.ids import Ids
from parlance.kernel.tallies import HookTally, UploadTally


@dataclass(frozen=True)
class Parts:
    """What actions are made of."""

    config: Config
    clock: Clock
    ids: Ids
    store: Store
    """What is changed through it is told the service behind the app, too."""
    untold: Store
    """Is not; both tell the app's own server."""
    bus: Bus
    presence: Presence
    rosters: Rosters
    doors: Doors
    bans: Bans
    welcome: Welcome
    voice: Voice
    notices: GroupNotices
    changes: Changes
    occupancy: Occupancy
    pace: Pace
    directory: AppDirectory
    providers: Providers
    hooks: Hooks
    telling: Telling
    """Writes down what apps are told."""
    blobs: Blobs
    inspector: Inspector
    aside: Aside
    uploads: UploadTally
    hook_tally: HookTally
    colleagues: Colleagues
    """All servers."""


def actions(p: Parts) -> Actions:
    """All of them."""
    sections = (
        _people(p),
        _conversations(p),
        _groups(p),
        _directory(p),
        _messages(p),
        _files(p),
        _hooks(p),
        _provider(p),
        _operating(p),
    )
    return Actions(**{name: action for section in sections for name, action in section.keywords.items()})


def _opening(p: Parts) -> OpenConversation:
    return OpenConversation(p.store, p.changes, p.occupancy, p.bans, p.clock, p.ids)


def _sending(p: Parts) -> SendMessage:
    addressing = Addressing(p.store)
    return SendMessage(
        p.store.appender,
        p.bus,
        p.rosters,
        p.doors,
        _opening(p),
        addressing,
        p.bans,
        p.pace,
        p.clock,
        p.ids,
        p.telling.message,
    )


# Each of these is called with a part of the catalogue, so that types are checked; only together they are all of it.


def _people(p: Parts) -> partial[Actions]:
    signatures, session_tokens = Signatures(p.store, p.clock), SessionTokens(p.store, p.clock)
    comings = Comings(p.store, p.telling, p.clock)
    return partial(
        Actions,
        register_app=RegisterApp(p.store, p.clock, p.ids),
        find_apps=FindApps(p.store),
        change_app=ChangeApp(p.store, p.directory, p.clock, p.ids),
        authenticate=Authenticate(p.directory, p.bans, p.clock),
        issue_token=IssueToken(p.welcome, p.clock),
        sign=Sign(p.clock, p.ids),
        check_signature=CheckSignature(signatures),
        create_user=CreateUser(p.store, p.clock),
        find_user=FindUser(p.store),
        find_user_by_uid=FindUserByUid(p.store),
        find_users=FindUsers(p.store),
        list_users=ListUsers(p.store),
        search_users=SearchUsers(p.store),
        update_profile=UpdateProfile(p.store, p.clock),
        ban=Ban(p.store, banned=True),
        unban=Ban(p.store, banned=False),
        erase_user=EraseUser(p.store, p.rosters, p.changes, p.blobs, p.clock),
        export_user=ExportUser(p.store),
        log_in=LogIn(p.directory, p.welcome, p.presence, p.clock),
        open_session=OpenSession(p.store, p.directory, p.welcome, signatures, session_tokens, p.presence, p.clock),
        refresh_session=RefreshSession(session_tokens),
        session_of=SessionOf(p.directory, session_tokens, p.bans),
        kick=Kick(p.store, p.clock),
        comings=comings,
        come_online=ToldComeOnline(ComeOnline(p.presence, p.bus, p.ids), comings),
        go_offline=ToldGoOffline(GoOffline(p.presence, p.bus, p.clock), comings),
        lost_rooms=LostRooms(p.bus, p.clock),
        who_is_online=WhoIsOnline(p.presence),
        devices_of=DevicesOf(p.colleagues),
        watch=Watch(p.presence, p.config.limits.watched),
        attendance=Attendance(p.clock, ZoneInfo(p.config.timezone)),
    )


def _conversations(p: Parts) -> partial[Actions]:
    return partial(
        Actions,
        open_conversation=_opening(p),
        start_conversation=AskedStart(
            StartConversation(p.store, p.rosters, p.changes, p.presence, p.occupancy, p.bans, p.clock, p.ids),
            Asking(p.hooks),
        ),
        search_conversations=SearchConversations(p.store, p.presence, p.clock),
        find_conversations=FindConversations(p.store, p.doors, p.presence, p.clock),
        scan_conversations=ScanConversations(p.store),
        query_conversations=QueryConversations(p.store, p.aside, p.clock),
        update_conversations=UpdateConversations(p.store, p.rosters, p.changes, p.clock),
        change_columns=AskedChangeColumns(
            ChangeColumns(p.store, p.doors, p.rosters, p.changes, p.clock), Asking(p.hooks)
        ),
        mute=AskedMute(Mute(p.store, p.doors), Asking(p.hooks)),
        list_muted=ListMuted(p.store, p.doors),
        delete_conversation=DeleteConversation(p.store, p.doors, p.changes, p.clock),
        end_expired=EndExpired(p.store, p.rosters, p.changes, p.clock),
        sync=Sync(p.store, p.clock),
        recent_conversations=RecentConversations(p.store, p.welcome, p.clock),
        invite=Invite(p.store, p.doors, p.changes, p.occupancy, p.bans, p.clock),
        list_members=ListMembers(p.doors),
        describe_members=DescribeMembers(p.store, p.doors),
        call_member=CallMember(p.store, p.doors),
        remove_members=RemoveMembers(p.store, p.doors, p.changes, p.occupancy, p.clock),
        bring_in=AskedBringIn(
            BringIn(p.store, p.doors, p.rosters, p.changes, p.presence, p.occupancy, p.bans, p.clock), Asking(p.hooks)
        ),
        take_out=AskedTakeOut(TakeOut(p.store, p.doors, p.rosters, p.changes, p.occupancy, p.clock), Asking(p.hooks)),
        roles=Roles(p.doors),
        set_role=SetRole(p.store, p.doors, p.changes, p.clock),
        silence=Silence(p.store, p.doors, p.changes, p.occupancy, p.clock),
        unsilence=Unsilence(p.store, p.doors, p.changes, p.occupancy, p.clock),
        block=Block(p.store, p.doors, p.changes, p.occupancy, p.clock),
        unblock=Unblock(p.store, p.doors, p.changes, p.occupancy, p.clock),
        restricted=Restricted(p.store, p.doors),
        restricted_among=RestrictedAmong(p.doors, p.clock),
        blocking_conversations=BlockingConversations(p.store),
        count_members=CountMembers(p.store, p.doors, p.presence),
        membership=Membership(p.store, p.rosters),
        member_marks=MemberMarks(p.store, p.doors),
        subscribers=Subscribers(p.store, p.doors),
        subscriptions=Subscriptions(p.store),
        enter_room=EnterRoom(p.doors, p.presence, p.occupancy, p.pace, p.clock),
        leave_room=LeaveRoom(p.doors, p.occupancy, p.pace, p.clock),
    )


def _groups(p: Parts) -> partial[Actions]:
    return partial(
        Actions,
        create_group=CreateGroup(p.store, p.doors, p.changes, p.bans, p.clock, p.ids),
        find_group=FindGroup(p.doors),
        list_groups=ListGroups(p.store),
        groups_of=GroupsOf(p.store),
        update_group=UpdateGroup(p.store, p.doors, p.changes, p.clock),
        dissolve_group=DissolveGroup(p.store, p.doors, p.changes, p.clock),
        add_to_group=AddToGroup(p.store, p.doors, p.changes, p.bans, p.clock),
        remove_from_group=RemoveFromGroup(p.store, p.doors, p.changes, p.clock),
        leave_group=LeaveGroup(p.store, p.doors, p.changes, p.clock),
        ask_to_join=AskToJoin(p.store, p.doors, p.notices, p.bans, p.clock),
        enter_by_code=EnterByCode(p.store, p.doors, p.changes, p.bans, p.clock),
    )


def _directory(p: Parts) -> partial[Actions]:
    return partial(
        Actions,
        put_organisation=PutOrganisation(p.store),
        delete_organisation=DeleteOrganisation(p.store),
        put_class=PutClass(p.store),
        delete_class=DeleteClass(p.store),
        put_person=PutPerson(p.store, p.bans, p.clock),
        delete_person=DeletePerson(p.store),
        contacts=Contacts(p.store),
        notify_class=NotifyClass(p.store, p.voice, p.clock, ZoneInfo(p.config.timezone)),
    )


def _messages(p: Parts) -> partial[Actions]:
    mark_read = MarkRead(p.store.appender, p.doors, p.rosters, p.clock)
    delivered = MarkDelivered(p.store.appender, p.doors, p.rosters, p.clock)
    channels = Channels(p.doors, p.clock, p.ids)
    read_page = ReadPage(p.store, p.doors, mark_read, p.bans)
    return partial(
        Actions,
        send=AskedSend(_sending(p), p.doors, Asking(p.hooks), p.clock),
        say_to_clients=SayToClients(p.doors, Addressing(p.store), p.bus, p.clock, p.ids),
        say_to_subscribers=SayToSubscribers(p.store, p.doors, Addressing(p.store), p.bus, p.clock, p.ids),
        say_to_everybody=SayToEverybody(p.store, channels, p.presence, p.bus, p.clock),
        hear_broadcasts=HearBroadcasts(p.store, p.clock),
        list_broadcasts=ListBroadcasts(p.store, channels, p.clock),
        withdraw_broadcast=WithdrawBroadcast(p.store),
        list_messages=ListMessages(p.store, p.doors),
        read_history=ReadHistory(p.store, p.doors),
        read_page=read_page,
        read_direct_page=ReadDirectPage(p.store, p.welcome, read_page),
        mark_read=mark_read,
        read_range=ReadRange(p.store, p.doors),
        mark_read_at=MarkAt(p.store, p.doors, mark_read, p.clock),
        mark_delivered=MarkAt(p.store, p.doors, delivered, p.clock),
        unread_inbox=UnreadInbox(p.store, p.clock),
        patched_since=PatchedSince(p.store),
        notifications_since=NotificationsSince(p.store, p.clock),
        said_by=SaidBy(p.store),
        take_over_people=TakeOverPeople(p.store),
        take_over_conversations=TakeOverConversations(p.store, p.clock),
        take_over_messages=TakeOverMessages(p.store, p.clock),
        find_arrived=FindArrived(p.store, p.clock),
        find_arrived_messages=FindArrivedMessages(p.store, p.clock),
        delete_message=DeleteMessage(p.store, p.doors),
        recall=AskedRecall(RecallMessage(p.store, p.doors, p.pace, p.clock), p.doors, Asking(p.hooks), p.clock),
        edit=AskedEdit(EditMessage(p.store, p.doors, p.pace, p.clock), p.doors, Asking(p.hooks), p.clock),
        type=Type(p.doors, p.bus, p.pace),
        trace_message=TraceMessage(p.store, p.rosters, p.bans, p.colleagues),
    )


def _files(p: Parts) -> partial[Actions]:
    types = file_types(p.config.file_types)
    upload_file = UploadFile(p.store, p.blobs, p.inspector, p.clock, p.ids, p.config.limits, types, p.uploads)
    return partial(
        Actions,
        upload_file=upload_file,
        take_over_files=TakeOverFiles(p.store, upload_file),
        reserve_file=ReserveFile(p.clock, p.ids, types),
        upload_reserved=UploadReserved(p.directory, upload_file, p.clock),
        upload_image=UploadImage(
            UploadFile(
                p.store,
                p.blobs,
                p.inspector,
                p.clock,
                p.ids,
                p.config.limits,
                types.only(Family.IMAGE),
                p.uploads,
                names=False,
            )
        ),
        discard_file=DiscardFile(p.store, p.blobs),
        open_file=OpenFile(p.store, p.blobs),
        list_files=ListFiles(p.store),
    )


def _hooks(p: Parts) -> partial[Actions]:
    return partial(
        Actions,
        deliver=Deliver(p.store, p.directory, p.hooks, p.clock, p.ids, p.hook_tally),
        fetch_events=FetchEvents(p.store, p.clock),
        list_deliveries=ListDeliveries(p.store),
        replay=Replay(p.store, p.clock),
    )


def _provider(p: Parts) -> partial[Actions]:
    return partial(
        Actions,
        in_step=_groups_in_step(p),
        provider_token=GetProviderToken(p.store, p.welcome, p.providers, p.clock),
        keep_in_step=KeepInStep(p.untold, p.providers, p.clock, p.ids),
        pass_on=PassOn(p.untold, p.providers, p.directory.at_hand, p.clock),
        receive_routed=ReceiveRouted(p.store, p.directory, _sending(p), p.clock),
    )


def _operating(p: Parts) -> partial[Actions]:
    return partial(
        Actions,
        operators=Operators(p.store, p.aside, p.clock, p.ids),
        sign_in=SignIn(p.store, p.aside, p.clock, p.ids),
        audit=Audit(p.store, p.clock, p.ids),
        look_at_servers=LookAtServers(p.colleagues),
    )


def _groups_in_step(p: Parts) -> GroupsInStep:
    world = (p.store, p.untold, p.providers, p.clock, p.ids)
    return GroupsInStep(
        create_group=CreateInStep(lambda store: CreateGroup(store, p.doors, p.changes, p.bans, p.clock, p.ids), *world),
        add_to_group=InStep(lambda store: AddToGroup(store, p.doors, p.changes, p.bans, p.clock), *world),
        remove_from_group=InStep(lambda store: RemoveFromGroup(store, p.doors, p.changes, p.clock), *world),
        leave_group=InStep(lambda store: LeaveGroup(store, p.doors, p.changes, p.clock), *world),
        enter_by_code=InStep(lambda store: EnterByCode(store, p.doors, p.changes, p.bans, p.clock), *world),
        dissolve_group=InStep(lambda store: DissolveGroup(store, p.doors, p.changes, p.clock), *world),
    )
