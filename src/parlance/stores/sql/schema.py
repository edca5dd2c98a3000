"""Every table, described once. The migrations must make exactly these (tests/architecture/test_schema.py).

Three rules shaped them; the reasons stand in docs/decisions/0001 to 0004:

- What every message touches is narrow. `heights` holds how high each sequence stands, apart from the wide
  rows of `conversations`; a row there means that the conversation lives.
- Messages are keyed by a number that grows with time, so they are written at the end of the table.
- Nothing refers by foreign key: rows go in a known order, and `verification.py` looks for orphans.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits in both engines; also for what is yes (1) or no (0)."""

LETTERS = Text(collation="C").with_variant(Text(), "sqlite")
"""Compared byte by byte in both engines, whatever language a PostgreSQL server speaks."""

IN, LEFT, HEARS = 0, 1, 2
"""`members.status`. Who HEARS is not in, but was written to by name: the row keeps its read mark."""

GONE = 0
"""`messages.status` of what was deleted for good: an empty row, which keeps the sequence free of gaps."""

WHOLE_ORGANISATION = 0
"""`enrolments.class_id` of the row that everybody of an organisation has; classes are counted from 1."""

metadata = MetaData()


def _number(name: str, default: int | None = None, *, nullable: bool = False) -> Column[int]:
    server_default = None if default is None else text(str(default))
    return Column(name, NUMBER, nullable=nullable, server_default=server_default)


def _text(name: str, default: str | None = None, *, nullable: bool = False) -> Column[str]:
    return Column(name, LETTERS, nullable=nullable, server_default=default)


apps = Table(
    "apps",
    metadata,
    _text("app_id"),
    _text("name"),
    _text("app_key"),
    _text("master_key"),
    _text("token_secret"),
    _text("policy"),
    _text("settings"),  # JSON
    _number("created_at"),
    _number("updated_at"),
    PrimaryKeyConstraint("app_id", name="apps_key"),
    Index("apps_by_change", "updated_at"),
    sqlite_strict=True,
)

users = Table(
    "users",
    metadata,
    _text("app_id"),
    _text("client_id"),
    _number("uid"),
    _text("nickname", ""),
    _text("avatar", ""),
    _text("ext", nullable=True),  # JSON
    _number("banned", 0),
    _number("created_at"),
    _text("name", ""),
    _text("username", ""),
    _text("type", ""),
    _text("level", ""),
    _number("kicked_at", 0),
    PrimaryKeyConstraint("app_id", "client_id", name="users_key"),
    UniqueConstraint("app_id", "uid", name="users_by_uid"),
    Index(
        "users_banned",
        "app_id",
        "client_id",
        sqlite_where=text("banned = 1"),
        postgresql_where=text("banned = 1"),
    ),
    sqlite_strict=True,
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", NUMBER, nullable=False, autoincrement=True),
    _text("app_id"),
    _text("conv_id"),
    _number("kind"),
    _text("creator"),
    _number("created_at"),
    _number("capacity"),
    _text("ext", nullable=True),  # JSON
    _number("keep_history", 1),
    _number("expires_at", nullable=True),
    _number("updated_at", nullable=True),
    _text("name", ""),
    _text("avatar", ""),
    _text("description", ""),
    # The two of a direct conversation in their order, joined by a space, which no client id has.
    _text("direct_key", nullable=True),
    _number("deleted_at", nullable=True),
    _number("group_id", nullable=True),
    _number("organization_id", nullable=True),
    _text("code", ""),
    _number("notices", 0),
    _text("columns", nullable=True),  # JSON
    _text("unique_id", nullable=True),
    _number("open_door", 0),
    PrimaryKeyConstraint("id", name="conversations_key"),
    Index(
        "conversations_by_conv_id",
        "app_id",
        "conv_id",
        unique=True,
        sqlite_where=text("deleted_at IS NULL"),
        postgresql_where=text("deleted_at IS NULL"),
    ),
    Index(
        "conversations_by_pair",
        "app_id",
        "direct_key",
        unique=True,
        sqlite_where=text("direct_key IS NOT NULL"),
        postgresql_where=text("direct_key IS NOT NULL"),
    ),
    Index(
        "conversations_by_unique_id",
        "app_id",
        "unique_id",
        "kind",
        unique=True,
        sqlite_where=text("unique_id IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=text("unique_id IS NOT NULL AND deleted_at IS NULL"),
    ),
    Index("conversations_by_age", "app_id", "created_at"),
    Index(
        "conversations_by_group",
        "app_id",
        "group_id",
        unique=True,
        sqlite_where=text("group_id IS NOT NULL"),
        postgresql_where=text("group_id IS NOT NULL"),
    ),
    Index(
        "conversations_by_organization",
        "app_id",
        "organization_id",
        "group_id",
        sqlite_where=text("organization_id IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=text("organization_id IS NOT NULL AND deleted_at IS NULL"),
    ),
    Index(
        "conversations_of_the_system",
        "app_id",
        unique=True,
        sqlite_where=text("kind = 5"),
        postgresql_where=text("kind = 5"),
    ),
    Index(
        "conversations_by_end",
        "expires_at",
        sqlite_where=text("expires_at IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=text("expires_at IS NOT NULL AND deleted_at IS NULL"),
    ),
    Index(
        "conversations_deleted",
        "deleted_at",
        sqlite_where=text("deleted_at IS NOT NULL"),
        postgresql_where=text("deleted_at IS NOT NULL"),
    ),
    # Numbers are never given twice: a stale copy of what is gone must not meet a newcomer.
    sqlite_autoincrement=True,
    sqlite_strict=True,
)

group_numbers = Table(
    "group_numbers",
    metadata,
    _text("app_id"),
    _number("latest"),
    PrimaryKeyConstraint("app_id", name="group_numbers_key"),
    sqlite_strict=True,
)

heights = Table(
    "heights",
    metadata,
    Column("conversation", NUMBER, nullable=False, autoincrement=False),
    _number("last_seq", 0),
    _number("last_message_at", nullable=True),
    # When a message came or anything about the conversation changed, stamped in the order of commits.
    _number("changed_at"),
    PrimaryKeyConstraint("conversation", name="heights_key"),
    sqlite_strict=True,
)

members = Table(
    "members",
    metadata,
    _number("conversation"),
    _text("client_id"),
    _text("app_id"),
    _number("role", 0),
    _text("alias", ""),
    _number("status", IN),
    _number("joined_seq", 0),
    _number("read_seq", 0),
    _number("read_at", nullable=True),
    # What has arrived, as far as it is more than what was read.
    _number("delivered_seq", 0),
    _number("delivered_at", nullable=True),
    _number("joined_at"),
    _number("changed_at"),
    # Who let it in, or took it out.
    _text("changed_by", nullable=True),
    _number("muted", 0),
    PrimaryKeyConstraint("conversation", "client_id", name="members_key"),
    Index("members_by_client", "app_id", "client_id"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# A row stays when nothing is restricted any more: it says when that came, and through whom.
restrictions = Table(
    "restrictions",
    metadata,
    _number("conversation"),
    _text("client_id"),
    _text("app_id"),
    _number("silenced_until", 0),
    _number("blocked", 0),
    _number("silence_changed_at", 0),
    _text("silence_changed_by", nullable=True),
    _number("block_changed_at", 0),
    _text("block_changed_by", nullable=True),
    PrimaryKeyConstraint("conversation", "client_id", name="restrictions_key"),
    Index("restrictions_by_client", "app_id", "client_id"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

messages = Table(
    "messages",
    metadata,
    Column("id", NUMBER, nullable=False, autoincrement=False),
    _number("conversation"),
    _number("seq"),
    _text("sender"),
    _text("ref", nullable=True),
    _number("type"),
    _text("text", nullable=True),
    _text("attr", nullable=True),  # JSON
    _text("url", nullable=True),
    _number("mention_all", 0),
    _text("mentions", nullable=True),  # JSON, a list; NULL for none
    _number("sync", 0),
    _number("created_at"),
    _number("status", 1),
    _number("patched_at", nullable=True),
    _text("raw", nullable=True),
    _number("is_binary", 0),
    _number("receipt", 0),
    # What it was called elsewhere, if it was sent there. Stays when the message is deleted: it does not come back.
    _text("foreign_id", nullable=True),
    PrimaryKeyConstraint("id", name="messages_key"),
    UniqueConstraint("conversation", "seq", name="messages_by_seq"),
    Index(
        "messages_by_ref",
        "conversation",
        "sender",
        "ref",
        unique=True,
        sqlite_where=text("ref IS NOT NULL"),
        postgresql_where=text("ref IS NOT NULL"),
    ),
    Index(
        "messages_with_receipt",
        "conversation",
        "seq",
        sqlite_where=text("receipt = 1"),
        postgresql_where=text("receipt = 1"),
    ),
    Index(
        "messages_patched",
        "conversation",
        "patched_at",
        sqlite_where=text("patched_at IS NOT NULL"),
        postgresql_where=text("patched_at IS NOT NULL"),
    ),
    Index(
        "messages_from_elsewhere",
        "foreign_id",
        "conversation",
        unique=True,
        sqlite_where=text("foreign_id IS NOT NULL"),
        postgresql_where=text("foreign_id IS NOT NULL"),
    ),
    sqlite_strict=True,
)

# What imports last saw of things at the place they came from: what changed there is told from what changed here.
origins = Table(
    "origins",
    metadata,
    _text("app_id"),
    _number("noun"),
    _text("name"),
    _text("state"),
    PrimaryKeyConstraint("app_id", "noun", "name", name="origins_key"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# Who is to see a message of a conversation whose messages are addressed.
addressees = Table(
    "addressees",
    metadata,
    _number("conversation"),
    _text("client_id"),
    _number("seq"),
    PrimaryKeyConstraint("conversation", "client_id", "seq", name="addressees_key"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# What an app says to all of its clients, as long as it does: who is among its addressees has had it.
broadcasts = Table(
    "broadcasts",
    metadata,
    _text("app_id"),
    _number("message"),
    _number("conversation"),
    _number("valid_till"),
    PrimaryKeyConstraint("app_id", "message", name="broadcasts_key"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

join_requests = Table(
    "join_requests",
    metadata,
    _number("conversation"),
    _text("client_id"),
    _number("asked_at"),
    PrimaryKeyConstraint("conversation", "client_id", name="join_requests_key"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

code_attempts = Table(
    "code_attempts",
    metadata,
    _number("conversation"),
    _text("client_id"),
    _number("wrong"),
    _number("locked_until"),
    _number("tried_at"),
    PrimaryKeyConstraint("conversation", "client_id", name="code_attempts_key"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

files = Table(
    "files",
    metadata,
    _text("key"),
    _text("app_id"),
    _text("name"),
    _text("content_type"),
    _number("size"),
    _number("created_at"),
    _text("uploader", nullable=True),
    PrimaryKeyConstraint("key", name="files_key"),
    Index("files_by_age", "app_id", "created_at"),
    sqlite_strict=True,
)

organisations = Table(
    "organisations",
    metadata,
    _text("app_id"),
    _number("organization_id"),
    _text("name", ""),
    _text("avatar", ""),
    PrimaryKeyConstraint("app_id", "organization_id", name="organisations_key"),
    sqlite_strict=True,
)

classes = Table(
    "classes",
    metadata,
    _text("app_id"),
    _number("class_id"),
    _number("organization_id"),
    _text("name", ""),
    PrimaryKeyConstraint("app_id", "class_id", name="classes_key"),
    Index("classes_by_organisation", "app_id", "organization_id"),
    sqlite_strict=True,
)

enrolments = Table(
    "enrolments",
    metadata,
    _text("app_id"),
    _number("organization_id"),
    _text("client_id"),
    _number("class_id"),
    _text("role"),
    PrimaryKeyConstraint("app_id", "organization_id", "client_id", "class_id", name="enrolments_key"),
    Index("enrolments_by_class", "app_id", "class_id"),
    sqlite_strict=True,
)

class_notices = Table(
    "class_notices",
    metadata,
    Column("id", NUMBER, nullable=False, autoincrement=True),
    _text("app_id"),
    _number("class_id"),
    _text("day"),  # YYYY-MM-DD, in the zone that the server is told
    _number("created_at"),
    PrimaryKeyConstraint("id", name="class_notices_key"),
    UniqueConstraint("app_id", "class_id", "day", name="class_notices_by_day"),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)

# What the providers of apps may not know yet: not what has changed, but what to look at.
outbox = Table(
    "outbox",
    metadata,
    _text("app_id"),
    _text("subject"),
    _number("number"),
    _number("ticket"),
    _number("due_at"),
    _number("attempts", 0),
    PrimaryKeyConstraint("app_id", "subject", "number", name="outbox_key"),
    Index("outbox_by_turn", "due_at"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# What apps' own servers are told; `claimed` while one of us is telling it, and until `due_at` at most.
deliveries = Table(
    "deliveries",
    metadata,
    _number("id"),
    _text("app_id"),
    _text("hook"),
    _text("lane"),
    _text("body"),  # JSON
    _number("made_at"),
    _number("state"),
    _number("stamp"),
    _number("due_at", 0),
    _number("claimed", 0),
    _number("attempts", 0),
    _text("reason", ""),
    PrimaryKeyConstraint("id", name="deliveries_key"),
    Index("deliveries_by_commit", "app_id", "stamp", "id"),
    Index(
        "deliveries_waiting",
        "app_id",
        "stamp",
        "id",
        sqlite_where=text("state = 0"),
        postgresql_where=text("state = 0"),
    ),
    Index(
        "deliveries_due",
        "app_id",
        "due_at",
        sqlite_where=text("state = 0"),
        postgresql_where=text("state = 0"),
    ),
    Index(
        "deliveries_by_lane",
        "app_id",
        "lane",
        "stamp",
        "id",
        sqlite_where=text("state = 0"),
        postgresql_where=text("state = 0"),
    ),
    Index(
        "deliveries_dead",
        "app_id",
        "id",
        sqlite_where=text("state = 2"),
        postgresql_where=text("state = 2"),
    ),
    sqlite_strict=True,
)

# Which device of a client logged in last under a tag.
tag_holders = Table(
    "tag_holders",
    metadata,
    _text("app_id"),
    _text("client_id"),
    _text("tag"),
    _text("device_id"),
    _number("taken_at"),
    PrimaryKeyConstraint("app_id", "client_id", "tag", name="tag_holders_key"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

provider_tokens = Table(
    "provider_tokens",
    metadata,
    _text("app_id"),
    _text("client_id"),
    _text("issuer"),
    _text("token"),
    _number("created_at"),
    PrimaryKeyConstraint("app_id", "client_id", name="provider_tokens_key"),
    sqlite_strict=True,
)

# Who looks after the installation, on the console.
operators = Table(
    "operators",
    metadata,
    _text("name"),
    _text("password"),  # hashed
    _number("created_at"),
    _number("changed_at"),
    PrimaryKeyConstraint("name", name="operators_key"),
    sqlite_strict=True,
)

# By the hash of what they show: who has the table cannot come in with it.
operator_sessions = Table(
    "operator_sessions",
    metadata,
    _text("token"),
    _text("operator"),
    _number("created_at"),
    _number("expires_at"),
    # A link that opens one session, and is gone then.
    _number("one_time", 0),
    PrimaryKeyConstraint("token", name="operator_sessions_key"),
    Index("operator_sessions_by_operator", "operator"),
    sqlite_strict=True,
)

# Where operators came in from: others' guesses at their names do not keep them out there.
operator_addresses = Table(
    "operator_addresses",
    metadata,
    _text("operator"),
    _text("network"),
    _number("came_at"),
    PrimaryKeyConstraint("operator", "network", name="operator_addresses_key"),
    sqlite_strict=True,
)

login_failures = Table(
    "login_failures",
    metadata,
    _text("subject"),
    _number("wrong"),
    _number("locked_until"),
    _number("tried_at"),
    PrimaryKeyConstraint("subject", name="login_failures_key"),
    sqlite_strict=True,
)

# What operators did: who, from where, what, to what, and what came of it. Numbers grow with time.
audit = Table(
    "audit",
    metadata,
    Column("id", NUMBER, nullable=False, autoincrement=False),
    _text("operator"),
    _text("address"),
    _text("action"),
    _text("app_id"),
    _text("subject"),
    _text("outcome"),
    _text("detail"),
    PrimaryKeyConstraint("id", name="audit_key"),
    sqlite_strict=True,
)
