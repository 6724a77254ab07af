"""What is a person's, table by table, and how it becomes another's.

A new table with a person in it needs a line in `BELONGINGS`; one with a conversation, a line in hub/merging/talks.py.
Most need no more than the column. Where a person may have something only once, `first` says what gives way.
"""

from dataclasses import dataclass

from sqlalchemy import delete, exists, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from hub.merging import circles
from hub.merging.two import PLAIN, Column, First, Two
from hub.states import SURVEY_MOVES, NominationState, SurveyState, UpdateState, check_move
from hub.store.tables import (
    Appointment,
    AppointmentSeries,
    Assignment,
    Case,
    CheckIn,
    CheckInPlan,
    ChosenContact,
    ContactPoint,
    Conversation,
    Invitation,
    MediaFile,
    NoContact,
    Nomination,
    Nudge,
    Person,
    PersonMark,
    Proof,
    ProviderPhone,
    Referral,
    Restorative,
    ReturnCheck,
    ReturnPlan,
    RightsOffer,
    RightTold,
    SafeCheck,
    SafePlan,
    SafeWish,
    Statement,
    SupportArea,
    SupportConsent,
    SupportRequest,
    SurveyRun,
    Telling,
    Thread,
    ThreadMember,
    ThreadPost,
    ThreadText,
    TwoPeople,
    Update,
)


@dataclass(frozen=True, slots=True)
class Belonging:
    """`person` names whose a row is. `first` is done before it becomes the other's."""

    person: Column
    first: First | None = None


def once(person: Column, *among: Column) -> First:
    """Of two rows that differ in the person alone, the one of who stays is kept."""

    async def give_way(session: AsyncSession, two: Two) -> None:
        table = person.class_
        theirs = aliased(table)
        same = [getattr(theirs, column.key) == column for column in among]
        double = exists(select(1).where(getattr(theirs, person.key) == two.keep, *same))
        await session.execute(delete(table).where(person == two.other, double), execution_options=PLAIN)

    return give_way


async def _one_run_a_survey(session: AsyncSession, two: Two) -> None:
    """Of two open runs of one survey the later stays open, as answers go to it; what was answered is kept."""
    open_ones = SurveyRun.state.in_((SurveyState.INVITED, SurveyState.STARTED, SurveyState.PAUSED))
    runs = select(SurveyRun).where(SurveyRun.person_id.in_((two.keep, two.other)), open_ones)
    latest: dict[str, SurveyRun] = {}
    for run in await session.scalars(runs.order_by(SurveyRun.id)):
        before = latest.get(run.survey)
        if before:
            before.state, before.state_at = check_move(SURVEY_MOVES, before.state, SurveyState.EXPIRED), two.now
        latest[run.survey] = run
    await session.flush()


async def _one_rhythm(session: AsyncSession, two: Two) -> None:
    """Whoever stays keeps how often they are asked how they are."""
    theirs = aliased(CheckInPlan)
    runs = exists(select(1).where(theirs.person_id == two.keep, theirs.ended_at.is_(None)))
    gives_way = update(CheckInPlan).where(CheckInPlan.person_id == two.other, CheckInPlan.ended_at.is_(None), runs)
    await session.execute(gives_way.values(ended_at=two.now), execution_options=PLAIN)


async def _one_number(session: AsyncSession, two: Two) -> None:
    """A provider who has two records has one number to be asked at."""
    theirs = aliased(ProviderPhone)
    asked = exists(select(1).where(theirs.person_id == two.keep))
    await session.execute(
        delete(ProviderPhone).where(ProviderPhone.person_id == two.other, asked), execution_options=PLAIN
    )


def _one_nomination(whose: Column, beside: Column) -> First:
    """Somebody who was named by, or has named, both records is told once: the record that stays says how much."""

    async def give_way(session: AsyncSession, two: Two) -> None:
        theirs, stands = aliased(Nomination), (NominationState.ASKED, NominationState.AGREED)
        kept = exists(
            select(1).where(
                getattr(theirs, whose.key) == two.keep,
                getattr(theirs, beside.key) == beside,
                theirs.state.in_(stands),
            )
        )
        double = select(Nomination.id).where(whose == two.other, Nomination.state.in_(stands), kept)
        ids = (await session.scalars(double)).all()
        owed = update(Update).where(Update.nomination_id.in_(ids), Update.state == UpdateState.OWED)
        await session.execute(owed.values(state=UpdateState.WITHDRAWN, state_at=two.now), execution_options=PLAIN)
        ended = update(Nomination).where(Nomination.id.in_(ids))
        await session.execute(ended.values(state=NominationState.ENDED, state_at=two.now), execution_options=PLAIN)

    return give_way


async def _not_two_any_more(session: AsyncSession, two: Two) -> None:
    """Whoever was told apart from one of them is told apart from both; the two themselves are one now."""
    pairs = [(two.keep, two.other), (two.other, two.keep)]
    pair = tuple_(TwoPeople.person_id, TwoPeople.other_id)
    await session.execute(delete(TwoPeople).where(pair.in_(pairs)), execution_options=PLAIN)
    await once(TwoPeople.person_id, TwoPeople.other_id)(session, two)


BELONGINGS: tuple[Belonging, ...] = (
    Belonging(ContactPoint.person_id),
    Belonging(Case.person_id),
    Belonging(AppointmentSeries.person_id),
    Belonging(Appointment.person_id),
    Belonging(CheckIn.person_id),
    Belonging(CheckInPlan.person_id, _one_rhythm),
    Belonging(ReturnPlan.person_id),
    Belonging(ReturnCheck.person_id),
    Belonging(SafeWish.person_id, once(SafeWish.person_id)),
    Belonging(SafePlan.person_id),
    Belonging(SafeCheck.person_id),
    Belonging(ChosenContact.person_id, once(ChosenContact.person_id, ChosenContact.supporter_id)),
    Belonging(ChosenContact.supporter_id, once(ChosenContact.supporter_id, ChosenContact.person_id)),
    Belonging(Proof.person_id),
    Belonging(MediaFile.person_id),
    Belonging(Statement.person_id),
    Belonging(SurveyRun.person_id, _one_run_a_survey),
    Belonging(PersonMark.person_id, once(PersonMark.person_id, PersonMark.mark)),
    Belonging(Thread.person_id, circles.one_thread),
    Belonging(ThreadMember.person_id, circles.one_membership),
    Belonging(Invitation.supporter_id),
    Belonging(SupportConsent.supporter_id, circles.said_by_who_stays),
    Belonging(NoContact.person_id),  # of both: who may not be in contact with one may not with either
    Belonging(ThreadPost.author_id),
    Belonging(ThreadPost.only_to_id),
    Belonging(ThreadPost.keyed_to_id),  # the words have been sealed anew before: hub/merging/__init__.py
    Belonging(ThreadText.to_id),
    Belonging(Update.person_id),
    Belonging(Nomination.person_id, _one_nomination(Nomination.person_id, Nomination.contact_id)),
    Belonging(Nomination.contact_id, _one_nomination(Nomination.contact_id, Nomination.person_id)),
    Belonging(Assignment.person_id, once(Assignment.person_id, Assignment.experiment_id)),
    Belonging(
        Nudge.person_id, once(Nudge.person_id, Nudge.rule, Nudge.subject_kind, Nudge.subject_id, Nudge.occurrence)
    ),
    Belonging(ProviderPhone.person_id, _one_number),
    Belonging(Telling.person_id),
    Belonging(RightTold.person_id),
    Belonging(RightsOffer.person_id),
    Belonging(SupportRequest.person_id),
    Belonging(SupportArea.person_id, once(SupportArea.person_id)),
    Belonging(Restorative.person_id),  # of two, a "never" counts: hub/restorative.py
    Belonging(Referral.young_id),
    Belonging(Referral.guardian_id),
    Belonging(TwoPeople.person_id, _not_two_any_more),
    Belonging(TwoPeople.other_id, once(TwoPeople.other_id, TwoPeople.person_id)),
    Belonging(Person.merged_into_id),  # records that had become this one before
)
# Brought over one by one: hub/merging/talks.py.
ELSEWHERE: tuple[Column, ...] = (Conversation.person_id,)


async def bring(session: AsyncSession, two: Two) -> None:
    """Everything but conversations."""
    for each in BELONGINGS:
        if each.first:
            await each.first(session, two)
        theirs = update(each.person.class_).where(each.person == two.other).values({each.person: two.keep})
        await session.execute(theirs, execution_options=PLAIN)
