"""Referrals against the whole hub: who is asked and who is not, whose number it is, what is kept and what goes."""

import pytest
from sqlalchemy import select

from hub.errors import LinkDoesNotWork, MoveNotAllowed, NotAllowed, NotFound
from hub.people import find_contact, name_of
from hub.referrals import content, deciding, own_links, receipt, steps
from hub.referrals.ages import GUARDIAN as THE_GUARDIAN
from hub.referrals.ages import YOUNG as THE_YOUNG
from hub.referrals.receipt import Status
from hub.states import EscalationState
from hub.states_of_support import ReferralState
from hub.store.tables import ApiKey, Case, Escalation, Invitation, Person, Referral
from hub.words import ChannelKind, Relation, Role, Sees, Side
from tests.data_in.caller import key_for
from tests.referring import GUARDIAN, YOUNG, aged, refer, today, worker_of
from tests.world import World

S = ReferralState


async def state(world: World) -> Referral:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Referral).order_by(Referral.id.desc()))).unique().first()  # type: ignore[return-value]


async def ask(world: World) -> str:
    """A worker presses “Ask them by text”."""
    async with world.hub.store.transaction() as session:
        referral = (await session.scalars(select(Referral).order_by(Referral.id.desc()))).unique().first()
        assert referral
        why = await deciding.ask_now(world.hub, session, await worker_of(world, session), referral)
    await world.settle()
    return why


async def test_a_form_is_looked_at_before_anybody_is_written_to(world: World) -> None:
    async with world.hub.store.transaction() as session:
        referral = await refer(world, session)
        assert receipt.status_of(referral) is Status.RECEIVED
    await world.push(days=3)
    assert world.heard(GUARDIAN) == world.heard(YOUNG) == []
    assert await ask(world) == ""
    assert [text[:7] for text in world.heard(GUARDIAN)] == ["Hi Kim,"]
    assert world.heard(YOUNG) == []


async def test_what_comes_by_a_key_is_asked_about_at_once(world: World) -> None:
    await key_for(world, Side.SUPERVISION)
    async with world.hub.store.transaction() as session:
        key_id = await session.scalar(select(ApiKey.id))
        referral = await refer(world, session, key_id=key_id, born=aged(16))
        assert receipt.status_of(referral) is Status.WAITING
    await world.settle()
    assert len(world.heard(YOUNG)) == 1


async def test_both_say_yes_and_the_case_is_youth_diversion(world: World) -> None:
    async with world.hub.store.transaction() as session:
        await refer(world, session)
    await ask(world)
    await world.text("1", GUARDIAN)
    await world.text("yes", YOUNG)
    async with world.hub.store.transaction() as session:
        worker = await worker_of(world, session)
        referral = (await session.scalars(select(Referral))).unique().one()
        assert referral.state is S.READY
        case = await deciding.accept(world.hub, session, worker, referral)
        assert (case.kind, case.worker_id) == ("youth_diversion", worker.id)
    async with world.hub.store.transaction() as session:
        referral = (await session.scalars(select(Referral))).unique().one()
        person = await session.get_one(Person, referral.young_id)
        assert (person.role, name_of(world.hub, person)) == (Role.SUPERVISED, "Jo Marsh")
        assert str(person.adult_from) == "2029-04-01"
        assert (referral.wrapped_key, referral.content_sealed) == (None, None)
        kept = await content.read(world.hub, session, referral)
        assert kept
        assert kept.said.good_at == "Football, and fixing bikes."
        person.wrapped_key = None  # erased: what was said goes with them
        assert await content.read(world.hub, session, referral) is None
    await world.push(days=60)
    assert (await state(world)).emptied_at is None


async def test_whoever_looks_after_them_is_let_in_by_the_young_persons_own_yes(world: World) -> None:
    async with world.hub.store.transaction() as session:
        await refer(world, session)
    await ask(world)
    await world.text("1", GUARDIAN)
    await world.text("1", YOUNG)
    async with world.hub.store.transaction() as session:
        referral = (await session.scalars(select(Referral))).unique().one()
        worker = await worker_of(world, session)
        await deciding.accept(world.hub, session, worker, referral, invite_guardian=True)
    before = len(world.heard(GUARDIAN))
    await world.push(hours=2)
    asked = world.heard(YOUNG)[-1]
    assert "Kim" in asked
    assert "Marsh" not in asked
    assert len(world.heard(GUARDIAN)) == before, "nobody hears before the young person's yes"
    async with world.hub.store.transaction() as session:
        invitation = (await session.scalars(select(Invitation))).one()
        assert (invitation.relation, invitation.sees) == (Relation.GUARDIAN, Sees.DATES)
        assert invitation.agreed_at is None


async def test_a_yes_in_the_wrong_order_needs_the_other_all_the_same(world: World) -> None:
    async with world.hub.store.transaction() as session:
        referral, worker = await refer(world, session), await worker_of(world, session)
        await deciding.record(world.hub, session, worker, referral, THE_YOUNG, "yes", "in_person", today(world))
        assert referral.state is S.ASKING
        assert referral.asked_whom == THE_GUARDIAN
        with pytest.raises(MoveNotAllowed):
            await deciding.accept(world.hub, session, worker, referral)


async def test_whoever_turns_16_meanwhile_decides_alone(world: World) -> None:
    """The day before the birthday the guardian's yes is missing; on it, it is not."""
    async with world.hub.store.transaction() as session:
        await refer(world, session, born="2010-03-04", guardian_safe="no")
    await world.push(days=1)
    assert await ask(world) == "not_safe"
    await world.push(days=1)
    assert await ask(world) == ""
    assert (await state(world)).asked_whom == THE_YOUNG
    assert len(world.heard(YOUNG)) == 1


async def test_a_number_of_somebody_we_know_waits_for_a_workers_look(world: World) -> None:
    async with world.hub.store.transaction() as session:
        known, _ = await world.person(session, name="Jo Marsh", address=YOUNG)
        known_id = known.id
        await refer(world, session, born=aged(16))
    assert await ask(world) == "known"
    assert world.heard(YOUNG) == []
    async with world.hub.store.transaction() as session:
        referral = (await session.scalars(select(Referral))).unique().one()
        await deciding.join(world.hub, session, await worker_of(world, session), referral, THE_YOUNG)
    assert await ask(world) == ""
    assert len(world.heard(YOUNG)) == 1
    await world.text("2", YOUNG)
    await world.push(days=31)
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, known_id)
        assert person.wrapped_key, "somebody of ours before is never emptied with a referral"
        assert person.ended_at is None
        assert (await session.scalars(select(Referral))).unique().one().emptied_at


async def test_a_number_known_on_the_victims_side_changes_nothing(world: World) -> None:
    """Neither is joined, refused nor told: the two are two people."""
    async with world.hub.store.transaction() as session:
        victim, _ = await world.person(session, role=Role.VICTIM, name="Jo Marsh", address=YOUNG)
        victim_id = victim.id
        await refer(world, session, born=aged(16))
    assert await ask(world) == ""
    assert len(world.heard(YOUNG)) == 1
    await world.text("2", YOUNG)
    await world.push(days=31)
    async with world.hub.store.transaction() as session:
        referral = (await session.scalars(select(Referral))).unique().one()
        assert referral.young_id not in {None, victim_id}
        assert referral.emptied_at
        assert (await session.get_one(Person, victim_id)).wrapped_key
        assert await find_contact(world.hub, session, Side.VICTIMS, ChannelKind.SMS, YOUNG)
        assert await find_contact(world.hub, session, Side.SUPERVISION, ChannelKind.SMS, YOUNG) is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"guardian_told": "risk"}, "risk"),
        ({"guardian_safe": "no"}, "not_safe"),
        ({"guardian_safe": "unknown"}, "not_safe"),
        ({"guardian_safe": "no", "guardian_phone": ""}, "no_number"),
        ({"guardian_phone": "07700 900610"}, "same_number"),
        ({"born": "2009-03-01", "young_safe": "unknown"}, "not_safe"),
    ],
)
async def test_nobody_is_texted_when_it_may_not_be_safe(world: World, changes: dict[str, str], why: str) -> None:
    async with world.hub.store.transaction() as session:
        await refer(world, session, **changes)
    assert await ask(world) == why
    await world.push(days=40)
    assert world.heard(GUARDIAN) == world.heard(YOUNG) == []
    assert (await state(world)).state is S.RECEIVED


async def test_an_earlier_no_is_not_overruled_by_another_referral(world: World) -> None:
    async with world.hub.store.transaction() as session:
        await refer(world, session, born=aged(16))
    await ask(world)
    await world.text("no", YOUNG)
    heard = len(world.heard(YOUNG))
    async with world.hub.store.transaction() as session:
        await refer(world, session, born=aged(16))
    assert await ask(world) == "said_no"
    assert len(world.heard(YOUNG)) == heard


async def test_thirty_days_after_a_no_nothing_personal_is_left(world: World) -> None:
    async with world.hub.store.transaction() as session:
        await refer(world, session)
    await ask(world)
    await world.text("1", GUARDIAN)
    await world.text("2", YOUNG)
    assert (await state(world)).state is S.REFUSED
    await world.push(days=31)
    async with world.hub.store.transaction() as session:
        referral = (await session.scalars(select(Referral))).unique().one()
        assert referral.emptied_at
        assert (referral.wrapped_key, referral.content_sealed, referral.phone_index) == (None, None, None)
        for person_id in (referral.young_id, referral.guardian_id):
            person = await session.get_one(Person, person_id)
            assert (person.wrapped_key, person.name_sealed, person.name_index) == (None, None, None)
            assert person.erased_at
        for number in (YOUNG, GUARDIAN):
            assert await find_contact(world.hub, session, Side.SUPERVISION, ChannelKind.SMS, number) is None
        assert [step.what for step in await steps.of(session, referral)][-1] == "emptied"
    await world.text("hello", YOUNG)  # a stranger from now on, and nothing breaks
    assert (await state(world)).state is S.REFUSED


async def test_taken_back_in_the_night_the_question_never_leaves(world: World) -> None:
    """Asked at 11 in the evening, it waits for the morning; taken back before, nobody hears it."""
    await world.push(hours=13)
    async with world.hub.store.transaction() as session:
        await refer(world, session, born=aged(17))
    await ask(world)
    assert world.heard(YOUNG) == []
    async with world.hub.store.transaction() as session:
        await receipt.withdraw(world.hub, session, (await session.scalars(select(Referral))).unique().one())
    await world.push(days=1)
    assert world.heard(YOUNG) == []


async def test_a_link_is_answered_once_and_by_nobody_after_its_time(world: World) -> None:
    async with world.hub.store.transaction() as session:
        referral, worker = await refer(world, session, born=aged(16), young_safe="no"), await worker_of(world, session)
        token = await own_links.make(world.hub, session, worker.id, referral)
    async with world.hub.store.transaction() as session:
        await own_links.answer(world.hub, session, await own_links.find(world.hub, session, token, lock=True), "yes")
    assert (await state(world)).state is S.READY
    async with world.hub.store.transaction() as session:
        with pytest.raises(LinkDoesNotWork):
            await own_links.find(world.hub, session, token)


async def test_a_link_that_nobody_opens_lapses(world: World) -> None:
    async with world.hub.store.transaction() as session:
        referral, worker = await refer(world, session, born=aged(16), young_safe="no"), await worker_of(world, session)
        await own_links.make(world.hub, session, worker.id, referral)
    await world.push(days=15)
    assert (await state(world)).state is S.LAPSED
    assert world.heard(YOUNG) == []


async def test_the_other_side_finds_no_referral(world: World) -> None:
    async with world.hub.store.transaction() as session:
        referral = await refer(world, session)
        with pytest.raises(NotFound):
            await deciding.access(session, await worker_of(world, session, Side.VICTIMS), referral.ref)


@pytest.mark.parametrize("why", ["", "x" * 301])
async def test_deciding_alone_needs_a_reason(world: World, why: str) -> None:
    async with world.hub.store.transaction() as session:
        referral, worker = await refer(world, session, guardian_told="risk"), await worker_of(world, session)
        with pytest.raises(NotAllowed):
            await deciding.decides_alone(world.hub, session, worker, referral, why)


async def test_at_17_nobody_else_is_asked_nor_can_answer(world: World) -> None:
    async with world.hub.store.transaction() as session:
        referral, worker = await refer(world, session, born=aged(17)), await worker_of(world, session)
        with pytest.raises(NotAllowed):
            await deciding.record(world.hub, session, worker, referral, THE_GUARDIAN, "no", "phone", today(world))
        with pytest.raises(NotAllowed):
            await deciding.decides_alone(world.hub, session, worker, referral, "They are grown up.")


async def test_a_case_is_made_once(world: World) -> None:
    async with world.hub.store.transaction() as session:
        referral, worker = await refer(world, session, born=aged(17), young_safe="no"), await worker_of(world, session)
        await deciding.record(world.hub, session, worker, referral, THE_YOUNG, "yes", "phone", today(world))
        await deciding.accept(world.hub, session, worker, referral, guardian_may_know=False)
        with pytest.raises(MoveNotAllowed):
            await deciding.accept(world.hub, session, worker, referral)
        assert len((await session.scalars(select(Case))).all()) == 1
    assert world.heard(YOUNG) == []


async def test_a_guardian_of_two_is_asked_and_kept_until_both_have_ended(world: World) -> None:
    async with world.hub.store.transaction() as session:
        first_id = (await refer(world, session)).id
    await ask(world)
    async with world.hub.store.transaction() as session:
        worker = await worker_of(world, session)
        second = await refer(world, session, young_name="Al Marsh", young_safe="no")
        await deciding.join(world.hub, session, worker, second, THE_GUARDIAN)
        await receipt.withdraw(world.hub, session, await session.get_one(Referral, first_id))
    heard = len(world.heard(GUARDIAN))
    assert await ask(world) == ""
    assert "can help Al" in world.heard(GUARDIAN)[heard]
    await world.push(days=31)
    async with world.hub.store.transaction() as session:
        first = await session.get_one(Referral, first_id)
        assert first.emptied_at
        assert not (await session.get_one(Person, first.guardian_id)).erased_at, "the other referral is kept still"
    await world.push(days=15)
    async with world.hub.store.transaction() as session:
        assert (await session.get_one(Person, first.guardian_id)).erased_at
    assert (await state(world)).emptied_at


async def test_what_stood_in_the_inbox_goes_when_it_is_taken_back(world: World) -> None:
    async with world.hub.store.transaction() as session:
        await refer(world, session, born=aged(17))
    await ask(world)
    await world.text("1", YOUNG)
    async with world.hub.store.transaction() as session:
        await receipt.withdraw(world.hub, session, (await session.scalars(select(Referral))).unique().one())
        left = select(Escalation).where(Escalation.state != EscalationState.CLOSED)
        assert (await session.scalars(left)).unique().all() == []
