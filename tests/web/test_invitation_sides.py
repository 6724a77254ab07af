"""A number that is known to victims' services joins a circle on the other side: nothing tells the two apart."""

import json
import re
from typing import Any

from sqlalchemy import select

from hub.store.tables import AuditEvent, Conversation, Escalation, Invitation, Message, Person, Thread, ThreadMember
from hub.words import Role, Side
from tests.circles import code_for
from tests.web.conftest import Enter, Visitor
from tests.world import World

KNOWN, UNKNOWN, VICTIMS_LINE = "+447700900301", "+447700900302", "+447700900002"
CHANGING = re.compile(r"[A-Za-z0-9_-]{16,}|\b[0-9A-Z]{8}\b|\b\d+\b")  # references, ids, digits of codes


async def joins(world: World, phone: str, number: int) -> int:
    """Somebody wishes for Jo, who joins with this phone. Returns the person's id."""
    person_id, code = await code_for(world, number)
    await world.text(code, phone)
    await world.text("1", phone)
    return person_id


async def all_of(world: World, phone: str, number: int, person_id: int) -> dict[str, Any]:
    """What this side then has of it, without ids."""
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, person_id)
        theirs = select(ThreadMember).join(Thread, Thread.id == ThreadMember.thread_id)
        member = (await session.scalars(theirs.where(Thread.person_id == person_id))).one()
        jo = await session.get_one(Person, member.person_id)
        of_thread = select(Invitation).where(Invitation.thread_id == member.thread_id)
        invitation = (await session.scalars(of_thread)).one()
        ids = (person.id, jo.id)
        talks = select(Conversation.id).where(Conversation.person_id.in_(ids))
        events = select(AuditEvent.what).where(AuditEvent.person_id.in_(ids)).order_by(AuditEvent.id)
        said = select(Message.text_key, Message.state).where(Message.conversation_id.in_(talks)).order_by(Message.id)
        reasons = select(Escalation.reason).where(Escalation.conversation_id.in_(talks))
        return {
            "heard": [CHANGING.sub("…", text) for text in world.heard(phone)],
            "person_heard": [CHANGING.sub("…", text) for text in world.heard(f"+447700900{500 + number}")],
            "member": (member.sees, member.relation, member.ended_for, member.side, jo.role, jo.known, jo.language),
            "invitation": (invitation.state, invitation.checks, invitation.agreed_how),
            "audit": list(await session.scalars(events)),
            "said": [tuple(row) for row in await session.execute(said)],
            "escalations": list(await session.scalars(reasons)),
            "refs": (person.ref, jo.ref),
        }


async def of_victims(world: World) -> str:
    """All rows of that side, as text."""
    async with world.hub.store.transaction() as session:
        people = (await session.scalars(select(Person).where(Person.side == Side.VICTIMS))).all()
        ids = [each.id for each in people]
        talks = (await session.scalars(select(Conversation).where(Conversation.side == Side.VICTIMS))).all()
        said = await session.scalars(
            select(Message).where(Message.conversation_id.in_([talk.id for talk in talks])).order_by(Message.id)
        )
        events = await session.scalars(select(AuditEvent).where(AuditEvent.person_id.in_(ids)).order_by(AuditEvent.id))
        rows = [*people, *talks, *said, *events]
        columns = [{c.name: str(getattr(row, c.key)) for c in row.__table__.columns} for row in rows]
        return json.dumps(columns)


async def page(visitor: Visitor, ref: str) -> str:
    shown = await visitor.get(f"/people/{ref}")
    assert shown.status_code == 200
    return CHANGING.sub("…", shown.text.replace(ref, "…"))


async def test_a_victims_number_joins_like_any_other_and_neither_side_notices(world: World, enter: Enter) -> None:
    ann = await enter(Side.VICTIMS)
    async with world.hub.store.transaction() as session:
        vera, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=KNOWN)
        ref = vera.ref
    await world.text("hello", KNOWN, VICTIMS_LINE)
    page_before, before, heard = await page(ann, ref), await of_victims(world), world.heard(KNOWN)
    known_id, unknown_id = await joins(world, KNOWN, 0), await joins(world, UNKNOWN, 1)
    await world.push(hours=1)
    assert await of_victims(world) == before
    priya, ann = await enter(Side.SUPERVISION), await enter(Side.VICTIMS)  # the first have been signed out since
    with_other = await all_of(world, KNOWN, 0, known_id)
    without = await all_of(world, UNKNOWN, 1, unknown_id)
    with_other["heard"] = with_other["heard"][len(heard) :]
    refs, others = with_other.pop("refs"), without.pop("refs")
    assert with_other == without
    for one, two in zip(refs, others, strict=True):
        assert await page(priya, one) == await page(priya, two)
    assert (await priya.get(f"/people/{ref}")).status_code == 404
    assert [(await ann.get(f"/people/{each}")).status_code for each in (*refs, *others)] == [404] * 4
    assert await page(ann, ref) == page_before


async def test_a_code_on_the_other_line_leaves_no_trace_there(world: World) -> None:
    """Neither a known victim nor somebody unknown: the same few words, no escalation, nothing about a code."""
    _, code = await code_for(world)
    async with world.hub.store.transaction() as session:
        await world.person(session, role=Role.VICTIM, name="Vera Lind", address=KNOWN)
    for phone in (KNOWN, UNKNOWN):
        await world.text(code, phone, VICTIMS_LINE)
        await world.text("JOIN 0000 0001", phone, VICTIMS_LINE)
    assert len(world.heard(KNOWN)) == len(world.heard(UNKNOWN)) == 2
    async with world.hub.store.transaction() as session:
        assert list(await session.scalars(select(Escalation.id))) == []
        assert list(await session.scalars(select(AuditEvent.id).where(AuditEvent.what.like("%code%")))) == []
        row = (await session.scalars(select(Invitation))).one()
        assert row.state.value == "open"
    await world.text(code, KNOWN)
    assert "You are Jo" in world.heard(KNOWN)[-1]
