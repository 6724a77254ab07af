"""Alembic from code: `handrail db upgrade`, the demo and the tests bring the schema up to date. Forward only."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine


def config(url: str) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.attributes["url"] = url
    return settings


def upgrade(url: str) -> None:
    """Bring the schema up to date."""
    command.upgrade(config(url), "head")


def newest() -> str:
    """The revision that this code needs."""
    return ScriptDirectory.from_config(config("")).get_current_head() or ""


def current(url: str) -> str:
    """The revision that the database has; empty when it has none."""
    engine = create_engine(url)
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision() or ""
    engine.dispose()
    return revision
