"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LETTERS = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    _apps_and_users()
    _conversations()
    _heights_and_members()
    _restrictions()
    _messages()
    _origins()
    _groups()
    _files()
    _directory()
    _providers()
    _tag_holders()
    _broadcasts()
    _deliveries()
    _operators()


def downgrade() -> None:
    """There is nothing before this."""
    directory = ("class_notices", "enrolments", "classes", "organisations")
    groups = ("code_attempts", "join_requests", "addressees", "group_numbers", "restrictions")
    providers = ("deliveries", "provider_tokens", "outbox")
    for table in (
        *("audit", "login_failures", "operator_addresses", "operator_sessions", "operators"),
        *providers,
        *directory,
        *groups,
        "tag_holders",
        "broadcasts",
        "files",
        "origins",
        "messages",
        "members",
        "heights",
        "conversations",
        "users",
        "apps",
    ):
        op.drop_table(table)


def _number(name: str, default: str | None = None, *, nullable: bool = False) -> sa.Column[int]:
    server_default = None if default is None else sa.text(default)
    return sa.Column(name, NUMBER, nullable=nullable, server_default=server_default)


def _text(name: str, default: str | None = None, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, LETTERS, nullable=nullable, server_default=default)


def _apps_and_users() -> None:
    op.create_table(
        "apps",
        _text("app_id"),
        _text("name"),
        _text("app_key"),
        _text("master_key"),
        _text("token_secret"),
        _text("policy"),
        _text("settings"),
        _number("created_at"),
        _number("updated_at"),
        sa.PrimaryKeyConstraint("app_id", name="apps_key"),
        sqlite_strict=True,
    )
    op.create_index("apps_by_change", "apps", ["updated_at"])
    op.create_table(
        "users",
        _text("app_id"),
        _text("client_id"),
        _number("uid"),
        _text("nickname", ""),
        _text("avatar", ""),
        _text("ext", nullable=True),
        _number("banned", "0"),
        _number("created_at"),
        _text("name", ""),
        _text("username", ""),
        _text("type", ""),
        _text("level", ""),
        _number("kicked_at", "0"),
        sa.PrimaryKeyConstraint("app_id", "client_id", name="users_key"),
        sa.UniqueConstraint("app_id", "uid", name="users_by_uid"),
        sqlite_strict=True,
    )
    _index_some("users_banned", "users", ["app_id", "client_id"], "banned = 1")


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        _text("app_id"),
        _text("conv_id"),
        _number("kind"),
        _text("creator"),
        _number("created_at"),
        _number("capacity"),
        _text("ext", nullable=True),
        _number("keep_history", "1"),
        _number("expires_at", nullable=True),
        _number("updated_at", nullable=True),
        _text("name", ""),
        _text("avatar", ""),
        _text("description", ""),
        _text("direct_key", nullable=True),
        _number("deleted_at", nullable=True),
        _number("group_id", nullable=True),
        _number("organization_id", nullable=True),
        _text("code", ""),
        _number("notices", "0"),
        _text("columns", nullable=True),
        _text("unique_id", nullable=True),
        _number("open_door", "0"),
        sa.PrimaryKeyConstraint("id", name="conversations_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    _index_some("conversations_by_conv_id", "conversations", ["app_id", "conv_id"], "deleted_at IS NULL", unique=True)
    _index_some(
        "conversations_by_pair", "conversations", ["app_id", "direct_key"], "direct_key IS NOT NULL", unique=True
    )
    _index_some(
        "conversations_by_unique_id",
        "conversations",
        ["app_id", "unique_id", "kind"],
        "unique_id IS NOT NULL AND deleted_at IS NULL",
        unique=True,
    )
    op.create_index("conversations_by_age", "conversations", ["app_id", "created_at"])
    _index_some(
        "conversations_by_end", "conversations", ["expires_at"], "expires_at IS NOT NULL AND deleted_at IS NULL"
    )
    _index_some("conversations_by_group", "conversations", ["app_id", "group_id"], "group_id IS NOT NULL", unique=True)
    _index_some(
        "conversations_by_organization",
        "conversations",
        ["app_id", "organization_id", "group_id"],
        "organization_id IS NOT NULL AND deleted_at IS NULL",
    )
    _index_some("conversations_of_the_system", "conversations", ["app_id"], "kind = 5", unique=True)
    _index_some("conversations_deleted", "conversations", ["deleted_at"], "deleted_at IS NOT NULL")


def _index_some(name: str, table: str, columns: list[str], which: str, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(which), postgresql_where=sa.text(which))


def _heights_and_members() -> None:
    op.create_table(
        "heights",
        sa.Column("conversation", NUMBER, nullable=False, autoincrement=False),
        _number("last_seq", "0"),
        _number("last_message_at", nullable=True),
        _number("changed_at"),
        sa.PrimaryKeyConstraint("conversation", name="heights_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "members",
        _number("conversation"),
        _text("client_id"),
        _text("app_id"),
        _number("role", "0"),
        _text("alias", ""),
        _number("status", "0"),
        _number("joined_seq", "0"),
        _number("read_seq", "0"),
        _number("read_at", nullable=True),
        _number("delivered_seq", "0"),
        _number("delivered_at", nullable=True),
        _number("joined_at"),
        _number("changed_at"),
        _text("changed_by", nullable=True),
        _number("muted", "0"),
        sa.PrimaryKeyConstraint("conversation", "client_id", name="members_key"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("members_by_client", "members", ["app_id", "client_id"])


def _restrictions() -> None:
    op.create_table(
        "restrictions",
        _number("conversation"),
        _text("client_id"),
        _text("app_id"),
        _number("silenced_until", "0"),
        _number("blocked", "0"),
        _number("silence_changed_at", "0"),
        _text("silence_changed_by", nullable=True),
        _number("block_changed_at", "0"),
        _text("block_changed_by", nullable=True),
        sa.PrimaryKeyConstraint("conversation", "client_id", name="restrictions_key"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("restrictions_by_client", "restrictions", ["app_id", "client_id"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", NUMBER, nullable=False, autoincrement=False),
        _number("conversation"),
        _number("seq"),
        _text("sender"),
        _text("ref", nullable=True),
        _number("type"),
        _text("text", nullable=True),
        _text("attr", nullable=True),
        _text("url", nullable=True),
        _number("mention_all", "0"),
        _text("mentions", nullable=True),
        _number("sync", "0"),
        _number("created_at"),
        _number("status", "1"),
        _number("patched_at", nullable=True),
        _text("raw", nullable=True),
        _number("is_binary", "0"),
        _number("receipt", "0"),
        _text("foreign_id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="messages_key"),
        sa.UniqueConstraint("conversation", "seq", name="messages_by_seq"),
        sqlite_strict=True,
    )
    _index_some("messages_by_ref", "messages", ["conversation", "sender", "ref"], "ref IS NOT NULL", unique=True)
    _index_some("messages_with_receipt", "messages", ["conversation", "seq"], "receipt = 1")
    _index_some("messages_patched", "messages", ["conversation", "patched_at"], "patched_at IS NOT NULL")
    elsewhere = "foreign_id IS NOT NULL"
    _index_some("messages_from_elsewhere", "messages", ["foreign_id", "conversation"], elsewhere, unique=True)


def _origins() -> None:
    op.create_table(
        "origins",
        _text("app_id"),
        _number("noun"),
        _text("name"),
        _text("state"),
        sa.PrimaryKeyConstraint("app_id", "noun", "name", name="origins_key"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


def _groups() -> None:
    op.create_table(
        "group_numbers",
        _text("app_id"),
        _number("latest"),
        sa.PrimaryKeyConstraint("app_id", name="group_numbers_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "addressees",
        _number("conversation"),
        _text("client_id"),
        _number("seq"),
        sa.PrimaryKeyConstraint("conversation", "client_id", "seq", name="addressees_key"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "join_requests",
        _number("conversation"),
        _text("client_id"),
        _number("asked_at"),
        sa.PrimaryKeyConstraint("conversation", "client_id", name="join_requests_key"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "code_attempts",
        _number("conversation"),
        _text("client_id"),
        _number("wrong"),
        _number("locked_until"),
        _number("tried_at"),
        sa.PrimaryKeyConstraint("conversation", "client_id", name="code_attempts_key"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


def _files() -> None:
    op.create_table(
        "files",
        _text("key"),
        _text("app_id"),
        _text("name"),
        _text("content_type"),
        _number("size"),
        _number("created_at"),
        _text("uploader", nullable=True),
        sa.PrimaryKeyConstraint("key", name="files_key"),
        sqlite_strict=True,
    )
    op.create_index("files_by_age", "files", ["app_id", "created_at"])


def _directory() -> None:
    op.create_table(
        "organisations",
        _text("app_id"),
        _number("organization_id"),
        _text("name", ""),
        _text("avatar", ""),
        sa.PrimaryKeyConstraint("app_id", "organization_id", name="organisations_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "classes",
        _text("app_id"),
        _number("class_id"),
        _number("organization_id"),
        _text("name", ""),
        sa.PrimaryKeyConstraint("app_id", "class_id", name="classes_key"),
        sqlite_strict=True,
    )
    op.create_index("classes_by_organisation", "classes", ["app_id", "organization_id"])
    op.create_table(
        "enrolments",
        _text("app_id"),
        _number("organization_id"),
        _text("client_id"),
        _number("class_id"),
        _text("role"),
        sa.PrimaryKeyConstraint("app_id", "organization_id", "client_id", "class_id", name="enrolments_key"),
        sqlite_strict=True,
    )
    op.create_index("enrolments_by_class", "enrolments", ["app_id", "class_id"])
    op.create_table(
        "class_notices",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        _text("app_id"),
        _number("class_id"),
        _text("day"),
        _number("created_at"),
        sa.PrimaryKeyConstraint("id", name="class_notices_key"),
        sa.UniqueConstraint("app_id", "class_id", "day", name="class_notices_by_day"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )


def _providers() -> None:
    op.create_table(
        "outbox",
        _text("app_id"),
        _text("subject"),
        _number("number"),
        _number("ticket"),
        _number("due_at"),
        _number("attempts", "0"),
        sa.PrimaryKeyConstraint("app_id", "subject", "number", name="outbox_key"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("outbox_by_turn", "outbox", ["due_at"])
    op.create_table(
        "provider_tokens",
        _text("app_id"),
        _text("client_id"),
        _text("issuer"),
        _text("token"),
        _number("created_at"),
        sa.PrimaryKeyConstraint("app_id", "client_id", name="provider_tokens_key"),
        sqlite_strict=True,
    )


def _tag_holders() -> None:
    op.create_table(
        "tag_holders",
        _text("app_id"),
        _text("client_id"),
        _text("tag"),
        _text("device_id"),
        _number("taken_at"),
        sa.PrimaryKeyConstraint("app_id", "client_id", "tag", name="tag_holders_key"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


def _broadcasts() -> None:
    op.create_table(
        "broadcasts",
        _text("app_id"),
        _number("message"),
        _number("conversation"),
        _number("valid_till"),
        sa.PrimaryKeyConstraint("app_id", "message", name="broadcasts_key"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        _number("id"),
        _text("app_id"),
        _text("hook"),
        _text("lane"),
        _text("body"),
        _number("made_at"),
        _number("state"),
        _number("stamp"),
        _number("due_at", "0"),
        _number("claimed", "0"),
        _number("attempts", "0"),
        _text("reason", ""),
        sa.PrimaryKeyConstraint("id", name="deliveries_key"),
        sqlite_strict=True,
    )
    op.create_index("deliveries_by_commit", "deliveries", ["app_id", "stamp", "id"])
    _index_some("deliveries_waiting", "deliveries", ["app_id", "stamp", "id"], "state = 0")
    _index_some("deliveries_due", "deliveries", ["app_id", "due_at"], "state = 0")
    _index_some("deliveries_by_lane", "deliveries", ["app_id", "lane", "stamp", "id"], "state = 0")
    _index_some("deliveries_dead", "deliveries", ["app_id", "id"], "state = 2")


def _operators() -> None:
    op.create_table(
        "operators",
        _text("name"),
        _text("password"),
        _number("created_at"),
        _number("changed_at"),
        sa.PrimaryKeyConstraint("name", name="operators_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "operator_sessions",
        _text("token"),
        _text("operator"),
        _number("created_at"),
        _number("expires_at"),
        _number("one_time", "0"),
        sa.PrimaryKeyConstraint("token", name="operator_sessions_key"),
        sqlite_strict=True,
    )
    op.create_index("operator_sessions_by_operator", "operator_sessions", ["operator"])
    op.create_table(
        "operator_addresses",
        _text("operator"),
        _text("network"),
        _number("came_at"),
        sa.PrimaryKeyConstraint("operator", "network", name="operator_addresses_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "login_failures",
        _text("subject"),
        _number("wrong"),
        _number("locked_until"),
        _number("tried_at"),
        sa.PrimaryKeyConstraint("subject", name="login_failures_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, nullable=False, autoincrement=False),
        _text("operator"),
        _text("address"),
        _text("action"),
        _text("app_id"),
        _text("subject"),
        _text("outcome"),
        _text("detail"),
        sa.PrimaryKeyConstraint("id", name="audit_key"),
        sqlite_strict=True,
    )
