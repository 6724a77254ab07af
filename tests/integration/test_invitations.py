"""Who may be invited and how, who looks first, what each ending leaves behind."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.errors import MoveNotAllowed, NotAllowed, NotFound, SidesMeet
from hub.people import name_of
from hub.states_of_support import InvitationState
from hub.store.tables import (
    Agency,
    AuditEvent,
    Conversation,
    Escalation,
    Invitation,
    Person,
    SupportConsent,
    Team,
    ThreadMember,
    Worker,
)
from hub.threads import invitations, joining, members
from hub.threads.standing import stands_by
from hub.words import Relation, Role, Sees, Side, WorkerRole
from tests.circles import code_for, stand_by, wished
from tests.world import World

LINE = "+447700900001"
PHONES = ("+447700900301", "+447700900302")
ROUNDS = 20


async def test_the_code_is_kept_nowhere_but_in_sealed_texts(world: World) -> None:
    _, code = await code_for(world)
    async with world.hub.store.transaction() as session:
        row = (await session.scalars(select(Invitation))).one()
        for column in Invitation.__table__.columns:
            assert code.encode() not in str(getattr(row, column.name)).encode()
        assert row.code_index
        assert row.expires_at == world.clock.now() + timedelta(days=7)
        events = (await session.scalars(select(AuditEvent))).all()
        assert code not in " ".join(f"{event.subject} {event.details}" for event in events)


async def test_what_cannot_be_wished_for(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        young, _ = await world.person(session, name="Yas Young", address="+447700900102")
        young.adult_from = (world.clock.now() + timedelta(days=200)).date()
        supporter, _ = await world.person(session, role=Role.SUPPORTER, address="+447700900103")
        victim, _ = await world.person(session, role=Role.VICTIM, address="+447700900104")
        own, victims_worker = world.workers[Side.SUPERVISION], world.workers[Side.VICTIMS]
        cannot: list[tuple[Person, dict[str, object], type[Exception]]] = [
            (supporter, {}, NotAllowed),
            (victim, {}, NotAllowed),
            (person, {"name": "07700 900123"}, NotAllowed),
            (person, {"relation": Relation.GUARDIAN}, NotAllowed),
            (person, {"under_18": True, "sees": Sees.CHAT}, NotAllowed),
            (person, {"months": 25}, NotAllowed),
            (person, {"agreed_how": ""}, NotAllowed),
            (person, {"agreed_how": "spoken"}, NotAllowed),
            (person, {"worker_id": own, "agreed_how": "text"}, NotAllowed),
            (young, {"worker_id": own}, NotAllowed),
            (person, {"worker_id": own, "staff_id": own, "relation": Relation.MENTOR}, NotAllowed),
            (person, {"worker_id": own, "staff_id": victims_worker, "relation": Relation.MENTOR}, SidesMeet),
        ]
        for whose, words, refused in cannot:
            with pytest.raises(refused):
                await wished(world, session, whose, **words)
        assert await session.scalar(select(func.count(Invitation.id))) == 0


async def test_a_worker_with_the_yes_of_who_looks_after_them(world: World) -> None:
    async with world.hub.store.transaction() as session:
        young, _ = await world.person(session)
        young.adult_from = (world.clock.now() + timedelta(days=200)).date()
        worker = world.workers[Side.SUPERVISION]
        found = await wished(world, session, young, worker_id=worker, guardian_how="spoken", sees=Sees.CHAT)
        assert found.code
        assert found.invitation.checked_by_id == worker
        await session.flush()
        what = list(await session.scalars(select(SupportConsent.what).order_by(SupportConsent.id)))
        assert what == ["proposed", "guardian_agreed", "agreed"]


async def test_a_human_cannot_agree_for_somebody_under_18_without_that_yes(world: World) -> None:
    async with world.hub.store.transaction() as session:
        young, _ = await world.person(session)
        young.adult_from = (world.clock.now() + timedelta(days=200)).date()
        found = await wished(world, session, young)
        assert found.code is None
        assert found.invitation.state is InvitationState.CHECKING
        worker = world.workers[Side.SUPERVISION]
        with pytest.raises(NotAllowed, match="under 18"):
            await invitations.look_at(world.hub, session, worker, found.invitation, agreed=True)
        assert await invitations.look_at(
            world.hub, session, worker, found.invitation, agreed=True, guardian_how="letter"
        )


async def test_two_to_look_at_are_one_line_in_the_inbox_until_both_are_done(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        one, two = [await wished(world, session, person, name=name, under_18=True) for name in ("Ben", "Mia")]
        worker = world.workers[Side.SUPERVISION]
        open_ones = select(func.count(Escalation.id)).where(Escalation.closed_at.is_(None))
        await invitations.look_at(world.hub, session, worker, one.invitation, agreed=True)
        await session.flush()
        assert await session.scalar(open_ones) == 1
        await invitations.look_at(world.hub, session, worker, two.invitation, agreed=False)
        await session.flush()
        assert await session.scalar(open_ones) == 0
        with pytest.raises(MoveNotAllowed):
            await invitations.look_at(world.hub, session, worker, two.invitation, agreed=True)


async def test_on_a_phone_that_others_may_read_the_code_is_drawn_when_it_is_told(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, discreet=True)
        found = await wished(world, session, person, under_18=True)
        worker = world.workers[Side.SUPERVISION]
        assert await invitations.look_at(world.hub, session, worker, found.invitation, agreed=True) is None
    await world.settle()
    assert world.heard()[-1].startswith("Is now a good time")
    await world.text("1")
    code = world.heard()[-1].partition("yourself: ")[2][:9]
    await world.text(code, PHONES[0])
    assert "You are Jo" in world.heard(PHONES[0])[-1]


async def test_a_worker_gives_the_code_to_somebody_whose_phone_others_may_read(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, discreet=True)
        assert (await wished(world, session, person, worker_id=world.workers[Side.SUPERVISION])).code
    await world.settle()
    assert world.heard() == []


async def test_somebody_unknown_is_nobody_until_their_yes(world: World) -> None:
    _person_id, code = await code_for(world)
    await world.text(code, PHONES[0])
    assert await sender(world) == (False, Role.SUPERVISED, None)
    await world.text("1", PHONES[0])
    assert await sender(world) == (True, Role.SUPPORTER, world.workers[Side.SUPERVISION])
    async with world.hub.store.transaction() as session:
        member = (await session.scalars(select(ThreadMember))).one()
        assert member.ends_at
        assert member.ends_at.date().isoformat() == "2026-06-02"
        row = (await session.scalars(select(Invitation))).one()
        assert row.state is InvitationState.ACCEPTED
        assert row.code_index is None
        assert row.supporter_id


async def sender(world: World) -> tuple[bool, Role, int | None]:
    async with world.hub.store.transaction() as session:
        found = (await session.scalars(select(Person).order_by(Person.id.desc()).limit(1))).one()
        return found.known, found.role, found.worker_id


async def test_another_agency_s_code_is_none_here(world: World) -> None:
    _, code = await code_for(world)
    async with world.hub.store.transaction() as session:
        jo, talk = await world.person(session, role=Role.SUPPORTER, address=PHONES[0])
        other = await _agency(session)
        jo.agency_id = other
        await session.flush()
        given = await joining.give_code(world.hub, session, jo, talk, code)
        assert given.answer is joining.Answer.NO


async def _agency(session: AsyncSession) -> int:
    agency = Agency(name="Southshire", short_name="Southshire", phone="0300 000 0001")
    session.add(agency)
    await session.flush()
    return agency.id


async def test_a_yes_to_what_was_taken_back_counts_for_nothing(world: World) -> None:
    person_id, code = await code_for(world)
    await world.text(code, PHONES[0])
    async with world.hub.store.transaction() as session:
        row = (await session.scalars(select(Invitation))).one()
        await invitations.withdraw(world.hub, session, f"person:{person_id}", row)
    await world.text("1", PHONES[0])
    assert "this code does not work" in world.heard(PHONES[0])[-1]
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(func.count(ThreadMember.person_id))) == 0
        jo = (await session.scalars(select(Person).order_by(Person.id.desc()).limit(1))).one()
        assert not jo.known
        assert jo.name_sealed is None
        with pytest.raises(NotFound):
            await joining.accept(world.hub, session, jo, 999)


async def test_what_the_person_holds_the_supporter_cannot_open_again(world: World) -> None:
    """Both end something at the same time: who answers first does not decide for the other."""
    hub = world.hub
    async with hub.store.transaction() as session:
        sam, _ = await world.person(session)
        jo, _ = await world.person(session, role=Role.SUPPORTER, name="Jo Hart", address=PHONES[0])
        bea, _ = await world.person(session, name="Bea Moss", address="+447700900102")
        mo, _ = await world.person(session, role=Role.SUPPORTER, name="Mo Field", address=PHONES[1])
        for person, supporter in ((sam, jo), (sam, mo), (bea, jo)):
            await stand_by(hub, session, person, supporter)
    await world.text("REMOVE")
    await world.text("LEAVE", PHONES[0])
    assert "1 Sam, 2 Bea" in world.heard(PHONES[0])[-1]
    await world.text("2", PHONES[0])  # leaves Bea; of Sam, who is still asked, nothing is open again
    assert await in_force(world) == []
    await world.text("2")  # Mo is to go
    assert await in_force(world) == [("Sam", "Jo")]


async def in_force(world: World) -> list[tuple[str, str]]:
    async with world.hub.store.transaction() as session:
        supporters = (await session.scalars(select(Person).where(Person.role == Role.SUPPORTER))).all()
        return [
            (name_of(world.hub, person).split(" ")[0], name_of(world.hub, each).split(" ")[0])
            for each in supporters
            for _, person in await stands_by(session, each.id, world.clock.now())
        ]


async def test_a_mentor_with_six_people_hears_of_each_by_itself(world: World) -> None:
    """One goes, five stay; what one allows says nothing about the others."""
    hub = world.hub
    async with hub.store.transaction() as session:
        mentor, _ = await world.person(session, role=Role.SUPPORTER, name="Mo Field", address=PHONES[0])
        for number, sees in enumerate([*Sees, *Sees]):
            person, _ = await world.person(session, name=f"P{chr(97 + number)} X", address=f"+44770090070{number}")
            await stand_by(hub, session, person, mentor, sees=sees, relation=Relation.MENTOR)
    await world.text("REMOVE", "+447700900701")
    async with hub.store.transaction() as session:
        rows = (await session.scalars(select(ThreadMember).order_by(ThreadMember.thread_id))).all()
        assert [row.ended_for for row in rows] == ["", "revoked", "", "", "", ""]
        assert [row.sees for row in rows] == [*Sees, *Sees]
    assert world.heard(PHONES[0]) == []  # that it has ended is the person's to say


async def test_a_colleague_who_may_be_a_mentor(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        team = await session.scalar(select(Team.id).where(Team.side == Side.SUPERVISION))
        lee = Worker(team_id=team, role=WorkerRole.WORKER, name="Lee Hall", first_name="Lee", email="lee@example.org")
        session.add(lee)
        await session.flush()
        found = await wished(
            world, session, person, name="Lee Hall", relation=Relation.MENTOR, staff_id=lee.id,
            worker_id=world.workers[Side.SUPERVISION],
        )  # fmt: skip
        assert found.code
        code, lee_id = found.code, lee.id
    await world.text(code, PHONES[0])
    await world.text("1", PHONES[0])
    async with world.hub.store.transaction() as session:
        member = (await session.scalars(select(ThreadMember))).one()
        assert member.staff_id == lee_id


async def test_a_circle_is_asked_about_again_only_where_it_is_open(world: World) -> None:
    """Told once that it ends; told anew when the end has been put off."""
    hub = world.hub
    async with hub.store.transaction() as session:
        person, _ = await world.person(session)
        jo, _ = await world.person(session, role=Role.SUPPORTER, name="Jo Hart", address=PHONES[0])
        member = await stand_by(hub, session, person, jo)
        member.ends_at = world.clock.now() + timedelta(days=8)
    await world.push(days=3)
    await world.push(days=2)
    assert sum("until Tue 10 March" in text for text in world.heard()) == 1
    assert sum("until Tue 10 March" in text for text in world.heard(PHONES[0])) == 1
    async with hub.store.transaction() as session:
        member = (await session.scalars(select(ThreadMember))).one()
        later = world.clock.now() + timedelta(days=20)
        await members.change(hub, session, "worker:1", member, Sees.DATES, later, "text")
    await world.push(days=16)
    assert sum("until Fri 27 March" in text for text in world.heard()) == 1
    await world.push(days=5)
    assert "The time for Jo is over" in world.heard()[-1]
    assert "Your time by Sam's side is over" in world.heard(PHONES[0])[-1]


async def test_conversations_of_strangers_go_on_without_a_person(world: World) -> None:
    """Eight digits from somebody unknown put nothing before a human; a word that is none still does."""
    await world.text("4821 7730", PHONES[0])
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(func.count(Escalation.id))) == 0
    await world.text("hello who is there please", PHONES[0])
    async with world.hub.store.transaction() as session:
        assert list(await session.scalars(select(Escalation.reason))) == ["unknown_sender"]
        assert await session.scalar(select(func.count(Conversation.id))) == 1
