"""Alembic's entry: runs the migrations on the URL that `hub/store/migrate.py` gives."""

from alembic import context
from sqlalchemy import create_engine

from hub.store.tables import Table

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Table.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
