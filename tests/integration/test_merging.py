"""Two records of one human become one: nothing of the second is left, nothing is lost, every word can be read."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from hub import appointments
from hub.errors import CannotMerge, SidesMeet
from hub.merging import belongings, merge, talks
from hub.outbox import queue
from hub.people import conversation_for, name_of
from hub.states import EscalationState, NudgeState, SurveyState
from hub.store.sealed import OF_NOBODY, OF_PEOPLE, whose
from hub.store.tables import (
    Agency,
    AuditEvent,
    ContactPoint,
    Conversation,
    Escalation,
    Message,
    Nudge,
    Person,
    Prompt,
    SettingsLink,
    SurveyRun,
    Table,
    ThreadMember,
    Worker,
)
from hub.words import ChannelKind, Priority, Purpose, Role, Side
from tests.circles import stand_by
from tests.integration.lives import full_life
from tests.world import World

pytestmark = pytest.mark.slow

FIRST, SECOND = "+447700900101", "+447700900102"


def foreign_keys(table: str) -> set[str]:
    """Every column that names a row of that table."""
    found = (key for each in Table.metadata.tables.values() for key in each.foreign_keys)
    return {
        f"{key.parent.table.name}.{key.parent.name}"
        for key in found
        if key.column.table.name == table and key.column.name == "id"
    }


def named(column: Any) -> str:
    return f"{column.class_.__tablename__}.{column.key}"


def test_every_column_with_a_person_is_brought_over() -> None:
    known = {named(each.person) for each in belongings.BELONGINGS} | {named(each) for each in belongings.ELSEWHERE}
    assert foreign_keys("people") - known == set(), "add a line to BELONGINGS in hub/merging/belongings.py"
    assert known - foreign_keys("people") == set()


def test_every_column_with_a_conversation_is_brought_over() -> None:
    known = {named(each) for each in (*talks.FOLLOW, *talks.ONCE)}
    assert foreign_keys("conversations") - known == set(), "add a line to FOLLOW or ONCE in hub/merging/talks.py"


def test_every_sealed_column_is_in_the_catalogue() -> None:
    known = {named(column) for column, _, _ in OF_PEOPLE} | {named(column) for column in OF_NOBODY}
    sealed = {
        f"{table.name}.{column.name}"
        for table in Table.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert sealed - known == set(), "add a line to OF_PEOPLE or OF_NOBODY in hub/store/sealed.py"
    assert known - sealed == set()


async def two_lives(world: World) -> tuple[int, int]:
    async with world.hub.store.transaction() as session:
        keep = await full_life(world, session, "Sam Carter", FIRST, "first")
        other = await full_life(world, session, "Samuel Carter", SECOND, "second")
        return keep.id, other.id


async def become_one(world: World, keep: int, other: int) -> None:
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        kept, gone = await session.get_one(Person, keep), await session.get_one(Person, other)
        await merge(world.hub, session, worker, kept, gone)


async def words_of(world: World, person_id: int) -> Counter[str]:
    """Everything that is sealed of somebody, opened with their key: column and words."""
    found: Counter[str] = Counter()
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, person_id)
        key = world.hub.vault.open_person_key(person.wrapped_key or b"")
        for column, kind, path in OF_PEOPLE:
            rows = list(await session.scalars(select(column).where(whose(path, person_id), column.is_not(None))))
            assert rows, f"give full_life in tests/integration/lives.py a row with {named(column)}"
            found.update(f"{named(column)}: {key.open(row, kind)}" for row in rows)
    return found


async def rows_of(world: World, person_id: int) -> Counter[str]:
    """How many rows name somebody, by column."""
    async with world.hub.store.transaction() as session:
        columns = [*(each.person for each in belongings.BELONGINGS), *belongings.ELSEWHERE]
        counts = {
            named(column): await session.scalar(select(func.count()).where(column == person_id)) for column in columns
        }
    return Counter({name: int(count or 0) for name, count in counts.items()})


async def test_nothing_of_the_other_is_left_and_nothing_is_lost(world: World) -> None:
    keep, other = await two_lives(world)
    before = await words_of(world, keep) + await words_of(world, other)
    rows = await rows_of(world, keep) + await rows_of(world, other)
    await become_one(world, keep, other)

    after = await words_of(world, keep)
    lost = before - after
    own = {"people.name_sealed: Samuel Carter", "people.preferred_name_sealed: second name"}
    assert set(lost) == {  # two drafts are one now, and whoever they are is one
        *own,
        "people.external_sealed: second external",
        "drafts.body_sealed: first draft",
        "drafts.body_sealed: second draft",
        "safe_wishes.question_sealed: second safe_question",  # they are asked as whoever stays wished it
        "safe_wishes.duress_sealed: second safe_word",
        "support_areas.area_sealed: second area",  # they live in one place
    }
    assert "drafts.body_sealed: first draft\n\nsecond draft" in after
    note = "They were here a second time: named Samuel Carter, called second name, in the case system second external."
    assert f"notes.body_sealed: {note}" in after

    left = await rows_of(world, other)
    assert {name for name, count in left.items() if count} == set()
    gone = rows - await rows_of(world, keep)
    assert set(gone) == {
        "conversations.person_id",  # two on one line are one stream
        "support_areas.person_id",
        "threads.person_id",
        "assignments.person_id",
        "person_marks.person_id",  # noted of both, it is noted once
        "safe_wishes.person_id",
    }


async def test_the_other_stays_as_an_empty_row_whose_reference_leads_to_who_stays(world: World) -> None:
    keep, other = await two_lives(world)
    await become_one(world, keep, other)
    async with world.hub.store.transaction() as session:
        row = await session.get_one(Person, other)
        assert (row.merged_into_id, row.wrapped_key, row.worker_id) == (keep, None, None)
        sealed = (row.name_sealed, row.preferred_name_sealed, row.external_sealed, row.name_index)
        assert sealed == (None, None, None, None)
        assert row.erased_at == world.clock.now()
        facts = await session.execute(
            select(AuditEvent.person_id, AuditEvent.what).where(AuditEvent.what.like("%merged"))
        )
        assert set(facts) == {(keep, "person_merged"), (other, "record_merged")}


async def test_of_what_there_may_be_once_one_is_left(world: World) -> None:
    keep, other = await two_lives(world)
    await become_one(world, keep, other)
    async with world.hub.store.transaction() as session:
        talk = (await session.scalars(select(Conversation).where(Conversation.person_id == keep))).one()
        assert (
            await session.scalars(select(Prompt).where(Prompt.closed_at.is_(None)))
        ).one().conversation_id == talk.id
        reasons = {e.state: e for e in await session.scalars(select(Escalation))}
        assert reasons[EscalationState.CLOSED].outcome == "merged"
        assert reasons[EscalationState.OPEN].message_id == max(await session.scalars(select(Message.id).where(
            Message.provider_message_id.is_not(None))))  # fmt: skip
        runs = list(await session.scalars(select(SurveyRun.state).order_by(SurveyRun.id)))
        assert runs == [SurveyState.EXPIRED, SurveyState.STARTED], "answers go to the later one"
        members = set(await session.scalars(select(ThreadMember.person_id)))
        assert other not in members
        assert len(list(await session.scalars(select(SettingsLink)))) == 1, "the link goes where its conversation goes"


async def test_reminders_are_planned_anew_for_who_stays(world: World) -> None:
    async with world.hub.store.transaction() as session:
        keep, _ = await world.person(session)
        other, _ = await world.person(session, name="Samuel Carter", address=SECOND)
        for person, days in ((keep, 9), (other, 10)):
            await appointments.schedule(
                world.hub, session, "key:1", person=person, starts_at=world.clock.now() + timedelta(days=days),
                with_whom="Priya", place="1 High St",
            )  # fmt: skip
    await become_one(world, keep.id, other.id)
    async with world.hub.store.transaction() as session:
        planned = (await session.scalars(select(Nudge).where(Nudge.state == NudgeState.PLANNED))).all()
        assert {nudge.person_id for nudge in planned} == {keep.id}
        assert len(planned) == 6
    await world.push(days=11)
    assert len(world.heard(SECOND)) == 0
    assert len(world.heard(FIRST)) >= 6, "to the way of who stays"


async def ways(world: World, **of: Any) -> dict[str, ContactPoint]:
    """By number."""
    async with world.hub.store.transaction() as session:
        index = {world.hub.vault.index(Side.SUPERVISION, ChannelKind.SMS, n): n for n in (FIRST, SECOND)}
        return {index[way.address_index]: way for way in await session.scalars(select(ContactPoint))}


async def pair(world: World) -> tuple[int, int]:
    async with world.hub.store.transaction() as session:
        keep, _ = await world.person(session)
        other, _ = await world.person(session, name="Samuel Carter", address=SECOND)
        return keep.id, other.id


async def test_what_they_write_afterwards_comes_into_the_one_stream(world: World) -> None:
    keep, other = await pair(world)
    await world.text("hello from the first", FIRST)
    await world.text("hello from the second", SECOND)
    await become_one(world, keep, other)
    await world.text("and again from the second", SECOND)
    await world.text("and from the first", FIRST)
    async with world.hub.store.transaction() as session:
        talk = (await session.scalars(select(Conversation))).one()
        assert talk.person_id == keep
        key = world.hub.vault.open_person_key(talk.person.wrapped_key or b"")
        said = await session.scalars(
            select(Message.body_sealed).where(Message.provider_message_id.is_not(None)).order_by(Message.id)
        )
        words = [key.open(sealed or b"", "body") for sealed in said]
    assert [each for each in words if "from the" in each] == [
        "hello from the first",
        "hello from the second",
        "and again from the second",
        "and from the first",
    ]
    assert len(await ways(world)) == 2


async def test_a_text_that_waits_to_be_read_is_read_after_it(world: World) -> None:
    keep, other = await pair(world)
    await world.simulator.text(SECOND, "+447700900001", "STOP", channel=ChannelKind.SMS)
    await become_one(world, keep, other)
    await world.settle()
    assert (await ways(world))[SECOND].stopped_at


async def test_a_text_on_its_way_out_leaves_in_the_new_stream(world: World) -> None:
    keep, other = await pair(world)
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, other)
        talk = await conversation_for(session, person)
        assert talk
        talk.last_in_at = world.clock.now()
        await queue(
            world.hub, session, talk, purpose=Purpose.REPLY, priority=Priority.REPLY, body="See you then",
            author_id=world.workers[Side.SUPERVISION],
        )  # fmt: skip
    await become_one(world, keep, other)
    await world.settle()
    assert world.heard(SECOND) == ["See you then"]


async def test_an_unknown_sender_becomes_who_they_are(world: World) -> None:
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session, language="cy")
    await world.text("its sam on a new phone", SECOND)
    async with world.hub.store.transaction() as session:
        unknown = (await session.scalars(select(Person).where(Person.known.is_(False)))).one()
    await become_one(world, unknown.id, sam.id)
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, unknown.id)
        assert (name_of(world.hub, person), person.language, person.known) == ("Sam Carter", "cy", True)
        assert person.worker_id == world.workers[Side.SUPERVISION]


async def test_who_became_one_before_leads_to_the_last(world: World) -> None:
    keep, other = await pair(world)
    async with world.hub.store.transaction() as session:
        third, _ = await world.person(session, name="S Carter", address="+447700900103")
    await become_one(world, other, third.id)
    await become_one(world, keep, other)
    async with world.hub.store.transaction() as session:
        assert (await session.get_one(Person, third.id)).merged_into_id == keep
    with pytest.raises(CannotMerge, match="part of another record"):
        await become_one(world, keep, other)


async def test_two_who_cannot_be_one_human_are_refused(world: World) -> None:
    keep, _ = await pair(world)
    async with world.hub.store.transaction() as session:
        mum, _ = await world.person(session, role=Role.SUPPORTER, name="Mum", address="+447700900103")
        friend, _ = await world.person(session, name="Jo Friend", address="+447700900104")
        await stand_by(world.hub, session, await session.get_one(Person, keep), friend)
        vera, _ = await world.person(session, role=Role.VICTIM, name="Sam Carter", address=FIRST)
        agency = Agency(name="Southshire", short_name="Southshire", phone="0300 000 0001")
        session.add(agency)
        await session.flush()
        elsewhere, _ = await world.person(session, name="Sam Carter", address="+447700900105")
        elsewhere.agency_id = agency.id
    for two, refused in {
        (keep, keep): CannotMerge,
        (keep, mum.id): CannotMerge,
        (keep, friend.id): CannotMerge,
        (friend.id, keep): CannotMerge,
        (keep, vera.id): SidesMeet,
        (keep, elsewhere.id): SidesMeet,
    }.items():
        with pytest.raises(refused):
            await become_one(world, *two)
