"""Everything the system does, on one screen."""

from dataclasses import dataclass

from parlance.core.actions.conversations.delete import DeleteConversation, EndExpired
from parlance.core.actions.conversations.find import FindConversations
from parlance.core.actions.conversations.mute import ListMuted
from parlance.core.actions.conversations.open import OpenConversation
from parlance.core.actions.conversations.query import QueryConversations
from parlance.core.actions.conversations.recents import RecentConversations
from parlance.core.actions.conversations.scan import ScanConversations
from parlance.core.actions.conversations.search import SearchConversations
from parlance.core.actions.conversations.sync import Sync
from parlance.core.actions.conversations.update import UpdateConversations
from parlance.core.actions.directory.classes import DeleteClass, PutClass
from parlance.core.actions.directory.contacts import Contacts
from parlance.core.actions.directory.notify_class import NotifyClass
from parlance.core.actions.directory.organisations import DeleteOrganisation, PutOrganisation
from parlance.core.actions.directory.people import DeletePerson, PutPerson
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
from parlance.core.actions.messages.broadcast import (
    HearBroadcasts,
    ListBroadcasts,
    SayToEverybody,
    WithdrawBroadcast,
)
from parlance.core.actions.messages.catch_up import NotificationsSince, PatchedSince, UnreadInbox
from parlance.core.actions.messages.delete import DeleteMessage
from parlance.core.actions.messages.history import ListMessages, ReadHistory
from parlance.core.actions.messages.mark_at import MarkAt
from parlance.core.actions.messages.mark_read import MarkRead
from parlance.core.actions.messages.read_page import ReadDirectPage, ReadPage
from parlance.core.actions.messages.read_range import ReadRange
from parlance.core.actions.messages.said import SaidBy
from parlance.core.actions.messages.say import SayToClients, SayToSubscribers
from parlance.core.actions.messages.trace import TraceMessage
from parlance.core.actions.messages.type import Type
from parlance.core.actions.moving_in.arrived import FindArrived, FindArrivedMessages
from parlance.core.actions.moving_in.conversations import TakeOverConversations
from parlance.core.actions.moving_in.files import TakeOverFiles
from parlance.core.actions.moving_in.messages import TakeOverMessages
from parlance.core.actions.moving_in.people import TakeOverPeople
from parlance.core.actions.operating.audit import Audit
from parlance.core.actions.operating.operators import Operators
from parlance.core.actions.operating.servers import LookAtServers
from parlance.core.actions.operating.sign_in import SignIn
from parlance.core.actions.people.ban import Ban
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
from parlance.core.actions.presence.attendance import Attendance
from parlance.core.actions.presence.devices import DevicesOf
from parlance.core.actions.presence.kick import Kick
from parlance.core.actions.presence.log_in import LogIn
from parlance.core.actions.presence.lost_rooms import LostRooms
from parlance.core.actions.presence.open_session import OpenSession, RefreshSession, SessionOf
from parlance.core.actions.presence.watch import Watch
from parlance.core.actions.presence.who_is_online import WhoIsOnline
from parlance.core.actions.provider.get_token import GetProviderToken
from parlance.core.actions.provider.groups import GroupsInStep
from parlance.core.actions.provider.keep_in_step import KeepInStep
from parlance.core.actions.provider.pass_on import PassOn
from parlance.core.actions.provider.receive import ReceiveRouted
from parlance.core.actions.tenancy.apps import ChangeApp, FindApps, RegisterApp
from parlance.core.actions.tenancy.authenticate import Authenticate
from parlance.core.actions.tenancy.check_signature import CheckSignature
from parlance.core.actions.tenancy.issue_token import IssueToken
from parlance.core.actions.tenancy.sign import Sign


@dataclass(frozen=True)
class Actions:
    """The table of contents of the product. Each is called with who asks, and raises `Fault` to refuse."""

    # Apps and who may speak for them
    register_app: RegisterApp
    find_apps: FindApps
    change_app: ChangeApp
    authenticate: Authenticate
    issue_token: IssueToken
    sign: Sign
    check_signature: CheckSignature
    # People
    create_user: CreateUser
    find_user: FindUser
    find_user_by_uid: FindUserByUid
    find_users: FindUsers
    list_users: ListUsers
    search_users: SearchUsers
    update_profile: UpdateProfile
    ban: Ban
    unban: Ban
    erase_user: EraseUser
    export_user: ExportUser
    # Coming and going
    log_in: LogIn
    open_session: OpenSession
    refresh_session: RefreshSession
    session_of: SessionOf
    kick: Kick
    come_online: ToldComeOnline
    go_offline: ToldGoOffline
    lost_rooms: LostRooms
    watch: Watch
    attendance: Attendance
    who_is_online: WhoIsOnline
    devices_of: DevicesOf
    # Conversations
    open_conversation: OpenConversation
    start_conversation: AskedStart
    search_conversations: SearchConversations
    find_conversations: FindConversations
    query_conversations: QueryConversations
    scan_conversations: ScanConversations
    update_conversations: UpdateConversations
    change_columns: AskedChangeColumns
    mute: AskedMute
    list_muted: ListMuted
    delete_conversation: DeleteConversation
    end_expired: EndExpired
    sync: Sync
    recent_conversations: RecentConversations
    # Members
    invite: Invite
    list_members: ListMembers
    describe_members: DescribeMembers
    call_member: CallMember
    remove_members: RemoveMembers
    bring_in: AskedBringIn
    take_out: AskedTakeOut
    roles: Roles
    set_role: SetRole
    silence: Silence
    unsilence: Unsilence
    block: Block
    unblock: Unblock
    restricted: Restricted
    restricted_among: RestrictedAmong
    blocking_conversations: BlockingConversations
    count_members: CountMembers
    membership: Membership
    member_marks: MemberMarks
    subscribers: Subscribers
    subscriptions: Subscriptions
    enter_room: EnterRoom
    leave_room: LeaveRoom
    # Groups, by their numbers
    create_group: CreateGroup
    find_group: FindGroup
    list_groups: ListGroups
    groups_of: GroupsOf
    update_group: UpdateGroup
    dissolve_group: DissolveGroup
    add_to_group: AddToGroup
    remove_from_group: RemoveFromGroup
    leave_group: LeaveGroup
    ask_to_join: AskToJoin
    enter_by_code: EnterByCode
    # Organisations, their classes and their people
    put_organisation: PutOrganisation
    delete_organisation: DeleteOrganisation
    put_class: PutClass
    delete_class: DeleteClass
    put_person: PutPerson
    delete_person: DeletePerson
    contacts: Contacts
    notify_class: NotifyClass
    # Messages
    send: AskedSend
    say_to_clients: SayToClients
    say_to_subscribers: SayToSubscribers
    say_to_everybody: SayToEverybody
    hear_broadcasts: HearBroadcasts
    list_broadcasts: ListBroadcasts
    withdraw_broadcast: WithdrawBroadcast
    list_messages: ListMessages
    read_history: ReadHistory
    read_page: ReadPage
    read_direct_page: ReadDirectPage
    mark_read: MarkRead
    read_range: ReadRange
    mark_read_at: MarkAt
    mark_delivered: MarkAt
    unread_inbox: UnreadInbox
    patched_since: PatchedSince
    notifications_since: NotificationsSince
    said_by: SaidBy
    delete_message: DeleteMessage
    recall: AskedRecall
    edit: AskedEdit
    trace_message: TraceMessage
    type: Type
    # Files
    upload_file: UploadFile
    upload_image: UploadImage
    reserve_file: ReserveFile
    upload_reserved: UploadReserved
    discard_file: DiscardFile
    open_file: OpenFile
    list_files: ListFiles
    # What apps' own servers are told
    comings: Comings
    deliver: Deliver
    fetch_events: FetchEvents
    list_deliveries: ListDeliveries
    replay: Replay
    # Who looks after the installation
    operators: Operators
    sign_in: SignIn
    audit: Audit
    look_at_servers: LookAtServers
    # What an app brings along that was elsewhere before
    take_over_people: TakeOverPeople
    take_over_conversations: TakeOverConversations
    take_over_messages: TakeOverMessages
    take_over_files: TakeOverFiles
    find_arrived: FindArrived
    find_arrived_messages: FindArrivedMessages
    # The real-time service behind an app
    provider_token: GetProviderToken
    in_step: GroupsInStep
    keep_in_step: KeepInStep
    receive_routed: ReceiveRouted
    pass_on: PassOn
