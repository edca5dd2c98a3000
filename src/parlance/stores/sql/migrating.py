"""What the engines have in common about bringing tables up to date: Alembic's scripts, and what to say of them."""

import io
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"
ARRIVING = "arriving"
"""What stands in a revision's place while a database is being filled from elsewhere: see `carrying.py`."""


class SchemaError(Exception):
    """A store is not one that this version works with. The message says why, and what to do, of "it"."""


def upgrade_script(revision: str | None, url: str, to: str = "head") -> str:
    """The SQL that leads from a revision (None: from nothing) to another, the newest; `url` names the engine."""
    written = io.StringIO()
    config = Config(output_buffer=written, stdout=io.StringIO())
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url)
    command.upgrade(config, f"{revision or 'base'}:{to}", sql=True)
    return written.getvalue()


def newest_revision() -> str | None:
    """Where this version wants the tables to be."""
    return _scripts().get_current_head()


def schema_gap(revision: str | None, *, migrating: bool = False) -> str | None:
    """Why tables of that revision are not this version's, or (if they may be migrated) cannot become so."""
    if revision == newest_revision():
        return None
    if revision == ARRIVING:
        return "what was being moved into it is not all there: run the same `parlance migrate --from … --to …` again"
    if revision is None:
        return None if migrating else "it holds nothing yet: run `parlance migrate`"
    if revision in {script.revision for script in _scripts().walk_revisions()}:
        return None if migrating else "its tables are of an older version: run `parlance migrate`"
    return f"its tables are of a newer version of Parlance (revision {revision}): use that version"


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))
