"""Somebody of whom there is a row in every table that can be about a person, each sealed word known.

A new table or sealed column needs a few lines here, or the tests of merging say so.
"""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.people import add_contact
from hub.states import (
    CheckInState,
    ConditionState,
    Direction,
    EscalationState,
    MessageState,
    NudgeState,
    ProofState,
    ReturnState,
    SafeState,
    SurveyState,
)
from hub.states_of_support import ReferralState
from hub.store.refs import new_ref
from hub.store.tables import (
    Answer,
    Appointment,
    AppointmentSeries,
    Arm,
    Assignment,
    Case,
    CheckIn,
    CheckInAnswer,
    CheckInPlan,
    ChosenContact,
    Condition,
    Consent,
    Draft,
    EarlierAnswer,
    Escalation,
    Experiment,
    Extension,
    MediaFile,
    Message,
    MoveRequest,
    Note,
    Nudge,
    Person,
    PersonMark,
    Presence,
    Prompt,
    Proof,
    Referral,
    ReturnCheck,
    ReturnPlan,
    SafeCheck,
    SafePlan,
    SafeWish,
    SessionFeedback,
    SettingsLink,
    SurveyRun,
    TwoPeople,
    UpdatePlan,
)
from hub.words import Awaiting, ChannelKind, Purpose, Role, Side
from tests.integration.life import Life
from tests.integration.lives_of_care import care, owed, told
from tests.integration.lives_of_support import circle
from tests.world import World

SURVEY = {Side.SUPERVISION: "session_feedback", Side.VICTIMS: "victim_satisfaction"}  # each is asked on one side


async def full_life(
    world: World, session: AsyncSession, name: str, number: str, mark: str, role: Role = Role.SUPERVISED
) -> Person:
    person, talk = await world.person(session, role=role, name=name, address=number)
    life = Life(world, session, person, talk, world.hub.vault.open_person_key(person.wrapped_key or b""), mark)
    person.external_sealed = life.seal("external")
    person.external_index = world.hub.vault.index(person.side, "external", f"{mark} external")
    person.preferred_name_sealed = life.seal("name")
    talk.contact_point.code_word_sealed = life.seal("code_word")
    await add_contact(world.hub, session, person, ChannelKind.TELEGRAM, f"telegram-of-{mark}", preferred=False)
    for fill in (_talk, _desk, _case, care, _diary, _questions, told, _beside):
        await fill(life)
    return person


async def _talk(life: Life) -> None:
    now, talk = life.world.clock.now(), life.talk
    said = {"conversation_id": talk.id, "line_id": talk.line_id, "state_at": now, "created_at": now}
    came = Message(
        **said,
        direction=Direction.IN,
        state=MessageState.HANDLED,
        provider_message_id=f"in-{life.mark}",
        body_sealed=life.seal("body"),
    )
    went = Message(
        **said,
        direction=Direction.OUT,
        state=MessageState.DELIVERED,
        purpose=Purpose.REMINDER,
        text_key="person.help",
        body_sealed=life.seal("body"),
        facts_sealed=life.seal("facts"),
        text_index=b"before",
        left_at=now,
    )
    await life.add(came, went)
    reason = {"ref": new_ref(), "side": life.person.side, "state": EscalationState.OPEN, "due_at": now}
    asked = {"awaiting": Awaiting.CHECK_IN_FEELING, "text_key": "check_ins.feeling", "asked_at": now}
    await life.add(
        Escalation(conversation_id=talk.id, reason="wants_a_person", message_id=came.id, opened_at=now, **reason),
        Prompt(conversation_id=talk.id, **asked),
        SettingsLink(
            token_hash=life.mark.encode(), conversation_id=talk.id, created_at=now, expires_at=now + timedelta(days=1)
        ),
        Consent(contact_point_id=talk.contact_point_id, purpose=Purpose.UPDATE, given=True, at=now, source="person"),
    )
    talk.last_at = talk.last_in_at = now


async def _desk(life: Life) -> None:
    now, worker = life.world.clock.now(), life.world.workers[life.person.side]
    here = {"worker_id": worker, "conversation_id": life.talk.id, "at": now}
    await life.add(
        Note(body_sealed=life.seal("note"), **here),
        Draft(body_sealed=life.seal("draft"), began_at=now, **here),
        Presence(**here),
    )


async def _case(life: Life) -> None:
    now = life.world.clock.now()
    house = {"agency_id": life.world.agency_id, "side": life.person.side}
    case = Case(person_id=life.person.id, kind="bail", reference=f"case {life.mark}", opened_at=now, **house)
    await life.add(case)
    agreed = Condition(
        case_id=case.id, words_sealed=life.seal("condition"), reason_sealed=life.seal("reason"),
        due_on=date(2026, 4, 1), agreed_at=now, state=ConditionState.OPEN, state_at=now,
    )  # fmt: skip
    await life.add(agreed)
    await life.add(
        Extension(
            condition_id=agreed.id, asked_at=now, words_sealed=life.seal("words"), reason_sealed=life.seal("reason")
        ),
        UpdatePlan(case_id=case.id, made_at=now, every_days=28),
    )
    await owed(life, case)


async def _diary(life: Life) -> None:
    now, person = life.world.clock.now(), life.person
    whose = {"ref": new_ref(), "person_id": person.id, "side": person.side, "agency_id": life.world.agency_id}
    meeting = {"with_whom": "Priya", "place": "1 High St"}
    series = AppointmentSeries(
        rule="FREQ=WEEKLY", first_on=now.date(), clock=now.time(), planned_until=now.date(), made_at=now, **whose,
        **meeting,
    )  # fmt: skip
    single = Appointment(
        starts_at=now + timedelta(days=9), state_at=now, why_missed_sealed=life.seal("words"),
        meeting_sealed=life.seal("meeting"), **whose, **meeting,
    )  # fmt: skip
    media = MediaFile(
        person_id=person.id, content_type="image/png", content_sealed=life.seal("file"),
        point_sealed=life.seal("point"), original_sealed=life.seal("file"), created_at=now,
    )  # fmt: skip
    await life.add(series, single, media)
    await life.add(
        SessionFeedback(
            appointment_id=single.id, went="well", took_part=4, look=False, words_sealed=life.seal("feedback"),
            by_id=life.world.workers[person.side], at=now,
        ),
        MoveRequest(appointment_id=single.id, asked_at=now, words_sealed=life.seal("words")),
        Proof(
            ref=new_ref(), appointment_id=single.id, person_id=person.id, side=person.side, state=ProofState.GIVEN,
            kind="photo", media_id=media.id, asked_at=now,
        ),
        Nudge(
            rule="reminder_1_day", subject_kind="appointment", subject_id=single.id, person_id=person.id,
            occurrence=single.starts_at, due_at=now + timedelta(days=8), expires_at=single.starts_at,
            state=NudgeState.PLANNED, state_at=now,
        ),
    )  # fmt: skip


async def _questions(life: Life) -> None:
    now, person = life.world.clock.now(), life.person
    run = SurveyRun(
        survey=SURVEY[person.side], person_id=person.id, state=SurveyState.STARTED, invited_at=now, state_at=now,
        expires_at=now + timedelta(days=14),
    )  # fmt: skip
    asked = CheckIn(
        person_id=person.id, due_at=now, closes_at=now, state=CheckInState.REVIEWED, note_sealed=life.seal("note")
    )
    ahead = {"first_on": now.date(), "clock": now.time(), "planned_until": now.date(), "set_by": "hub", "set_at": now}
    rhythm = CheckInPlan(person_id=person.id, weeks=2, questions_sealed=life.seal("check_in_questions"), **ahead)
    evenings = ReturnPlan(person_id=person.id, weekdays=["MO"], **ahead)
    nights = SafePlan(person_id=person.id, weekdays=["MO"], **ahead)
    await life.add(run, asked, rhythm, evenings, nights)
    await life.add(
        CheckInAnswer(
            check_in_id=asked.id, question="own_1", code="said", asked_sealed=life.seal("check_in_question"),
            words_sealed=life.seal("check_in_answer"), answered_at=now,
        ),
        ReturnCheck(
            plan_id=evenings.id, person_id=person.id, on=now.date(), due_at=now, closes_at=now, state=ReturnState.BACK
        ),
    )  # fmt: skip
    await life.add(
        SafeWish(
            person_id=person.id, patience=15, tells_contacts=True, set_at=now,
            question_sealed=life.seal("safe_question"), duress_sealed=life.seal("safe_word"),
        ),
        SafeCheck(
            plan_id=nights.id, person_id=person.id, on=now.date(), due_at=now, closes_at=now, state=SafeState.SAFE,
            postponed=0, unclear=0, set_by="hub", set_at=now,
        ),
    )  # fmt: skip
    was = EarlierAnswer(
        run_id=run.id, question="words", words_sealed=life.seal("answer"), given_on="sms", answered_at=now,
        replaced_at=now, replaced_by="changed",
    )  # fmt: skip
    mark = PersonMark(person_id=person.id, mark="domestic_abuse", set_at=now, set_by="worker:1")
    await life.add(
        Answer(run_id=run.id, question="words", words_sealed=life.seal("answer"), answered_at=now), was, mark
    )


def _referral(life: Life, young_id: int, guardian_id: int) -> Referral:
    """Accepted: what was said is under the young person's key."""
    now, own = life.world.clock.now(), young_id == life.person.id
    return Referral(
        ref=new_ref(),
        agency_id=life.world.agency_id,
        side=life.person.side,
        state=ReferralState.ACCEPTED,
        state_at=now,
        made_at=now,
        band="10_15",
        source="form",
        status_hash=f"{life.mark} {own}".encode(),
        kept_sealed=life.seal("referral") if own else None,
        young_id=young_id,
        guardian_id=guardian_id,
    )


async def _beside(life: Life) -> None:
    """Who stands by them, whom they stand by, the lot they drew, who was told apart from them."""
    now, side = life.world.clock.now(), life.person.side
    mum, _ = await life.world.person(
        life.session,
        role=Role.SUPPORTER,
        side=side,
        name="Mum",
        address=f"telegram-mum-{life.mark}",
        channel=ChannelKind.TELEGRAM,
    )
    experiment = await life.session.scalar(select(Experiment))
    if experiment is None:
        experiment = Experiment(rule="reminder_1_day", started_at=now, ended_at=now)
        await life.add(experiment)
        await life.add(Arm(experiment_id=experiment.id, name="sends", sends=True, share=1))
    arm = (await life.session.scalars(select(Arm.id))).one()
    await circle(life, mum)
    worker = life.world.workers[side]
    await life.add(
        ChosenContact(person_id=life.person.id, supporter_id=mum.id, asked_at=now),
        ChosenContact(person_id=mum.id, supporter_id=life.person.id, asked_at=now),
        Assignment(experiment_id=experiment.id, person_id=life.person.id, arm_id=arm, at=now),
        TwoPeople(person_id=life.person.id, other_id=mum.id, side=side, by_id=worker, at=now),
        TwoPeople(person_id=mum.id, other_id=life.person.id, side=side, by_id=worker, at=now),
        *(_referral(life, *both) for both in ((life.person.id, mum.id), (mum.id, life.person.id))),
    )
