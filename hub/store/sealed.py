"""Which columns are sealed, under whose key, as what kind; and sealing all of a person's anew under another key.

A new `…_sealed` column needs a line here: in `OF_PEOPLE` with the columns that lead from its table to the person, or
in `OF_NOBODY`. Knows nothing of what the values mean.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from hub.store.tables import (
    Answer,
    Appointment,
    Case,
    CaseEvent,
    CheckIn,
    CheckInAnswer,
    CheckInPlan,
    Condition,
    ContactPoint,
    Conversation,
    Draft,
    EarlierAnswer,
    Extension,
    Invitation,
    Mailing,
    MediaFile,
    Message,
    MoveRequest,
    NoContact,
    NoContactAddress,
    Note,
    Person,
    Proposal,
    ProviderFeedback,
    Referral,
    ReferralDraft,
    Restorative,
    RestorativeStep,
    SafeWish,
    SessionFeedback,
    SignInLink,
    Statement,
    StatementAnswer,
    StatementVersion,
    SupportArea,
    SurveyRun,
    Thread,
    ThreadPost,
    Upload,
    View,
    VoiceDraft,
    Worker,
)
from hub.store.vault import Key

Column = InstrumentedAttribute[Any]
Path = tuple[Column, ...]  # from the row to the person: each step names a row of the next one's table

# Under the person's own key: the column, what its values are sealed as, and whose they are.
OF_PEOPLE: tuple[tuple[Column, str, Path], ...] = (
    (Person.name_sealed, "name", (Person.id,)),
    (Person.preferred_name_sealed, "name", (Person.id,)),
    (Person.external_sealed, "external", (Person.id,)),
    (ContactPoint.address_sealed, "address", (ContactPoint.person_id,)),
    (ContactPoint.code_word_sealed, "code_word", (ContactPoint.person_id,)),
    (Message.body_sealed, "body", (Message.conversation_id, Conversation.person_id)),
    (Message.facts_sealed, "facts", (Message.conversation_id, Conversation.person_id)),
    (Note.body_sealed, "note", (Note.conversation_id, Conversation.person_id)),
    (Draft.body_sealed, "draft", (Draft.conversation_id, Conversation.person_id)),
    (MediaFile.content_sealed, "file", (MediaFile.person_id,)),
    (MediaFile.original_sealed, "file", (MediaFile.person_id,)),
    (MediaFile.point_sealed, "point", (MediaFile.person_id,)),
    (Condition.words_sealed, "condition", (Condition.case_id, Case.person_id)),
    (Condition.reason_sealed, "reason", (Condition.case_id, Case.person_id)),
    (Extension.words_sealed, "words", (Extension.condition_id, Condition.case_id, Case.person_id)),
    (Extension.reason_sealed, "reason", (Extension.condition_id, Condition.case_id, Case.person_id)),
    (CaseEvent.reason_sealed, "reason", (CaseEvent.case_id, Case.person_id)),
    (MoveRequest.words_sealed, "words", (MoveRequest.appointment_id, Appointment.person_id)),
    (Appointment.why_missed_sealed, "words", (Appointment.person_id,)),
    (Appointment.meeting_sealed, "meeting", (Appointment.person_id,)),
    (SessionFeedback.words_sealed, "feedback", (SessionFeedback.appointment_id, Appointment.person_id)),
    (CheckIn.note_sealed, "note", (CheckIn.person_id,)),
    (CheckInPlan.questions_sealed, "check_in_questions", (CheckInPlan.person_id,)),
    (CheckInAnswer.asked_sealed, "check_in_question", (CheckInAnswer.check_in_id, CheckIn.person_id)),
    (CheckInAnswer.words_sealed, "check_in_answer", (CheckInAnswer.check_in_id, CheckIn.person_id)),
    (SafeWish.question_sealed, "safe_question", (SafeWish.person_id,)),
    (SafeWish.duress_sealed, "safe_word", (SafeWish.person_id,)),
    (Answer.words_sealed, "answer", (Answer.run_id, SurveyRun.person_id)),
    (SupportArea.area_sealed, "area", (SupportArea.person_id,)),
    (Restorative.agreed_sealed, "agreed", (Restorative.person_id,)),
    (Restorative.other_sealed, "note", (Restorative.person_id,)),
    (RestorativeStep.note_sealed, "note", (RestorativeStep.restorative_id, Restorative.person_id)),
    (Proposal.words_sealed, "proposal", (Proposal.case_id, Case.person_id)),
    (Proposal.reason_sealed, "reason", (Proposal.case_id, Case.person_id)),
    (Proposal.decision_reason_sealed, "reason", (Proposal.case_id, Case.person_id)),
    (View.words_sealed, "view", (View.proposal_id, Proposal.case_id, Case.person_id)),
    (StatementAnswer.words_sealed, "statement", (StatementAnswer.statement_id, Statement.person_id)),
    (StatementVersion.content_sealed, "statement_version", (StatementVersion.statement_id, Statement.person_id)),
    (VoiceDraft.words_sealed, "voice", (VoiceDraft.media_id, MediaFile.person_id)),
    (VoiceDraft.corrected_sealed, "voice", (VoiceDraft.media_id, MediaFile.person_id)),
    (EarlierAnswer.words_sealed, "answer", (EarlierAnswer.run_id, SurveyRun.person_id)),
    (Invitation.who_sealed, "name", (Invitation.thread_id, Thread.person_id)),
    (NoContact.name_sealed, "name", (NoContact.person_id,)),
    (NoContactAddress.address_sealed, "address", (NoContactAddress.no_contact_id, NoContact.person_id)),
    (ThreadPost.words_sealed, "post", (ThreadPost.keyed_to_id,)),
    (Referral.kept_sealed, "referral", (Referral.young_id,)),
)
# Under the master key: about no one person; or, of a referral, under its own until somebody is a person of ours.
OF_NOBODY: tuple[Column, ...] = (
    Appointment.venue_secret_sealed,
    Mailing.words_sealed,
    ProviderFeedback.words_sealed,
    Referral.content_sealed,
    ReferralDraft.content_sealed,
    SignInLink.totp_sealed,
    Upload.content_sealed,
    Worker.totp_sealed,
)

AT_ONCE = 20  # rows: among them may be photos of some megabytes


async def reseal(session: AsyncSession, person_id: int, before: Key, after: Key) -> int:
    """Open everything of a person with one key and seal it with another. Returns how many values."""
    done = 0
    for column, kind, path in OF_PEOPLE:
        table = _table(column)
        theirs = select(*table.primary_key).where(column.is_not(None), whose(path, person_id))
        rows = [tuple(row) for row in await session.execute(theirs)]
        for first in range(0, len(rows), AT_ONCE):
            await _reseal(session, table.c[column.key], kind, rows[first : first + AT_ONCE], before, after)
        done += len(rows)
    return done


def whose(path: Path, person_id: int) -> ColumnElement[bool]:
    """The rows at the beginning of the path that are this person's, as a condition."""
    *steps, last = path
    found: ColumnElement[bool] = last == person_id
    for step, following in reversed(list(zip(steps, path[1:], strict=True))):
        found = step.in_(select(following.class_.id).where(found))
    return found


async def _reseal(
    session: AsyncSession, sealed: ColumnElement[Any], kind: str, rows: Sequence[Any], before: Key, after: Key
) -> None:
    """Locked first: a text that is about to leave is written either before this or after it."""
    table: Table = sealed.table
    keys = list(table.primary_key)
    wanted = select(*keys, sealed).where(tuple_(*keys).in_(rows), sealed.is_not(None)).with_for_update()
    found = (await session.execute(wanted)).all()
    anew = [
        {f"key_{place}": part for place, part in enumerate(key)}
        | {"anew": after.seal(before.open_bytes(value, kind), kind)}
        for *key, value in found
    ]
    if anew:
        this = [column == bindparam(f"key_{place}") for place, column in enumerate(keys)]
        await session.execute(update(table).where(*this).values({sealed: bindparam("anew")}), anew)


def _table(column: Column) -> Table:
    table: Table = column.class_.__table__
    return table
