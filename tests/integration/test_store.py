"""The store itself: the schema that the code needs, and two sides that no row can join."""

from datetime import UTC, datetime

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from hub.errors import StoreUnavailable
from hub.store import migrate
from hub.store.engine import Store
from hub.store.tables import Conversation, Line, Table
from hub.words import ChannelKind, Role, Side
from tests.world import World


def test_the_migrations_make_exactly_the_tables_of_the_code(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Table.metadata)
    engine.dispose()
    assert differences == []
    assert migrate.current(database_url) == migrate.newest()


async def test_a_conversation_cannot_join_the_two_sides(world: World) -> None:
    """Even code that wants to cannot: the side is in the keys."""
    async with world.hub.store.transaction() as session:
        person, sam = await world.person(session)
        line = Line(
            agency_id=world.agency_id,
            side=Side.VICTIMS,
            channel=ChannelKind.SMS,
            address="+447700900003",
            name="x",
        )
        session.add(line)
        await session.flush()
        line_id, person_id, contact_id = line.id, person.id, sam.contact_point_id
    for side in Side:
        with pytest.raises(IntegrityError):
            async with world.hub.store.transaction() as session:
                session.add(Conversation(person_id=person_id, line_id=line_id, side=side, contact_point_id=contact_id))


async def test_names_numbers_and_words_are_nowhere_to_be_read_in_the_database(world: World) -> None:
    async with world.hub.store.transaction() as session:
        await world.person(session, name="Zebedee Quillfeather", address="+447700900777", role=Role.SUPERVISED)
    await world.text("my cat is called Marmaduke", "+447700900777")
    async with world.hub.store.transaction() as session:
        tables = [table.name for table in Table.metadata.sorted_tables]
        for table in tables:
            rows = await session.execute(text(f'SELECT t::text FROM "{table}" AS t'))
            for row in rows.scalars():
                for secret in ("Zebedee", "Quillfeather", "7700900777", "Marmaduke"):
                    assert secret not in row, table


async def test_a_database_that_is_gone_says_so() -> None:
    store = Store("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(StoreUnavailable):
        async with store.transaction() as session:
            await session.execute(text("SELECT 1"))
    await store.close()


async def test_times_come_back_aware_and_in_utc(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        await session.refresh(person)
    assert person.created_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert person.created_at.utcoffset() is not None


async def test_connections_that_the_server_has_cut_are_made_anew_and_nobody_notices(store: Store) -> None:
    others = text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    async with store.transaction() as first, store.transaction() as second:  # so that the pool holds two
        await first.execute(text("SELECT 1"))
        await second.execute(text("SELECT 1"))
    async with store.statements() as kept:
        await kept.execute("SELECT 1")
    async with await psycopg.AsyncConnection.connect(store.url.replace("+psycopg", ""), autocommit=True) as cutter:
        await cutter.execute(str(others).encode())
    async with store.transaction() as session:
        assert await session.scalar(text("SELECT 1")) == 1
    async with store.statements() as connection:
        assert connection is not kept
        assert await (await connection.execute("SELECT 1")).fetchone() == (1,)


async def test_single_statements_say_too_that_the_database_is_gone() -> None:
    store = Store("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(StoreUnavailable):
        async with store.statements() as connection:
            await connection.execute("SELECT 1")
    await store.close()


async def test_a_connection_that_was_left_inside_a_transaction_is_not_lent_again(store: Store) -> None:
    async with store.statements() as connection:
        await connection.execute("BEGIN")
    async with store.statements() as again:
        assert connection.closed
        assert again is not connection
    async with store.statements() as connection:
        assert connection is again
