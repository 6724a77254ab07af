"""What else we hold about somebody, as counts by kind: for the page on which they see it. Opens nothing."""

from collections.abc import Mapping

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.tables import (
    Answer,
    Case,
    CheckIn,
    Condition,
    MediaFile,
    Person,
    Proposal,
    Referral,
    SafeCheck,
    Statement,
    SupportRequest,
    SurveyRun,
    ThreadPost,
    View,
)

# By the end of its name in inbox/wording: how many of these belong to one person.
_KINDS: Mapping[str, Select[int]] = {
    "conditions": select(func.count(Condition.id)).join(Case, Case.id == Condition.case_id).join(Person),
    "check_ins": select(func.count(CheckIn.id)).join(Person, Person.id == CheckIn.person_id),
    "answers": select(func.count(Answer.id)).join(SurveyRun, SurveyRun.id == Answer.run_id).join(Person),
    "files": select(func.count(MediaFile.id))
    .join(Person, Person.id == MediaFile.person_id)
    .where(MediaFile.content_sealed.is_not(None)),
    "statements": select(func.count(Statement.id)).join(Person, Person.id == Statement.person_id),
    "times": select(func.count(SafeCheck.id)).join(Person, Person.id == SafeCheck.person_id),
    "help": select(func.count(SupportRequest.id)).join(Person, Person.id == SupportRequest.person_id),
    "referrals": select(func.count(Referral.id))
    .join(Person, (Person.id == Referral.young_id) | (Person.id == Referral.guardian_id))
    .where(Referral.emptied_at.is_(None)),
    "views": select(func.count(View.id))
    .join(Proposal, Proposal.id == View.proposal_id)
    .join(Case, Case.id == Proposal.case_id)
    .join(Person),
    # Their own words only: what others say among them is the others'.
    "posts": select(func.count(ThreadPost.id)).join(Person, Person.id == ThreadPost.author_id),
}


async def also_held(session: AsyncSession, person: Person) -> list[tuple[str, int]]:
    """Kinds of which there is something, with how many."""
    found = [(kind, await session.scalar(count.where(Person.id == person.id))) for kind, count in _KINDS.items()]
    return [(kind, number) for kind, number in found if number]
