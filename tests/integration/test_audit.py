"""Facts are added and never changed; the chain shows whoever tries."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from hub.store import audit
from hub.store.engine import Store
from hub.store.tables import AuditSeal
from tests.world import MONDAY


async def record(store: Store, *whats: str) -> None:
    async with store.transaction() as session:
        for what in whats:
            audit.record(session, MONDAY, "hub", what, "message:1", person_id=None, code="x")


async def seal(store: Store) -> int:
    async with store.transaction() as session:
        return await audit.seal(session, MONDAY)


async def verify(store: Store) -> int | None:
    async with store.transaction() as session:
        return await audit.verify(session)


async def test_sealing_links_everything_once(store: Store) -> None:
    await record(store, "one", "two")
    assert await seal(store) == 2
    assert await seal(store) == 0
    await record(store, "three")
    assert await seal(store) == 1
    assert await verify(store) is None


@pytest.mark.parametrize("change", ["UPDATE audit_events SET what = 'other'", "DELETE FROM audit_events"])
async def test_the_database_itself_refuses_a_change(store: Store, change: str) -> None:
    await record(store, "one")
    with pytest.raises(DBAPIError, match="append-only"):
        async with store.transaction() as session:
            await session.execute(text(change))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_events SET what = 'other' WHERE what = 'two'",
        "DELETE FROM audit_events WHERE what = 'two'",
    ],
)
async def test_whoever_removes_the_guard_and_changes_a_fact_breaks_the_chain(store: Store, change: str) -> None:
    await record(store, "one")
    await seal(store)
    await record(store, "two", "three")
    await seal(store)
    async with store.transaction() as session:
        await session.execute(text("ALTER TABLE audit_events DISABLE TRIGGER ALL"))
        await session.execute(text(change))
    async with store.transaction() as session:
        newest = await session.scalar(select(func.max(AuditSeal.id)))
    assert await verify(store) == newest


async def test_a_slow_transaction_is_not_sealed_over(store: Store) -> None:
    """An event written before the seal but committed after it lands in the next link, not outside of any."""
    async with store.transaction() as slow:
        audit.record(slow, MONDAY, "hub", "slow", "message:1")
        await slow.flush()
        await record(store, "quick")
        assert await seal(store) == 0  # nothing younger than the slow one is sealed before it
    assert await seal(store) == 2
    assert await verify(store) is None
