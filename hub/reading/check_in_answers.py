"""What was answered in check-ins besides how they are and what would help, in words. Knows no screen."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.check_in_talk import CALL, CHANGED, CHANGED_WHAT, NO, OWN, SKIPPED, YES
from hub.store.tables import CheckInAnswer
from hub.store.vault import Key

Answers = Mapping[str, CheckInAnswer]  # by question
NONE: Answers = {}
_QUESTIONS = {
    CHANGED: "Has anything changed?",
    CHANGED_WHAT: "What has changed?",
    CALL: "Would they like a call?",
}
_CODES = {YES: "Yes", NO: "No", SKIPPED: "Left out"}
_ORDER = (OWN, CHANGED, CHANGED_WHAT, CALL)


@dataclass(frozen=True, slots=True)
class Told:
    question: str
    answer: str


async def load(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Answers]:
    """Of many check-ins, by their ids."""
    found = defaultdict[int, dict[str, CheckInAnswer]](dict)
    for answer in await session.scalars(select(CheckInAnswer).where(CheckInAnswer.check_in_id.in_(ids))):
        found[answer.check_in_id][answer.question] = answer
    return found


def flags(answers: Answers) -> Sequence[str]:
    """What of it a human should act on."""
    said = []
    if (changed := answers.get(CHANGED)) and changed.code == YES:
        said.append("Something has changed")
    if (call := answers.get(CALL)) and call.code == YES:
        said.append("Would like a call")
    return said


def in_words(answers: Answers, key: Key | None) -> Sequence[Told]:
    """In the order in which they were asked."""
    return [_told(answer, key) for answer in sorted(answers.values(), key=_place)]


def _told(answer: CheckInAnswer, key: Key | None) -> Told:
    own = key.open(answer.asked_sealed, "check_in_question") if key and answer.asked_sealed else ""
    words = key.open(answer.words_sealed, "check_in_answer") if key and answer.words_sealed else ""
    return Told(
        own or _QUESTIONS.get(answer.question, "A question of the worker's"), words or _CODES.get(answer.code, "")
    )


def _place(answer: CheckInAnswer) -> tuple[int, str]:
    kind = OWN if answer.question.startswith(OWN) else answer.question
    return _ORDER.index(kind), answer.question
