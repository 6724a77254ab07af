"""What do you think of it? The proposal in plain words, a choice, their own words; VIEW changes it until the decision.

Knows no screen.
"""

from datetime import datetime, time

from hub import proposals, when_safe
from hub.answering import Kind, takes_answers
from hub.handling import Handling
from hub.promises import promise
from hub.proposals import ABOUT, ANSWERS, P
from hub.repair import repair
from hub.store.tables import Proposal
from hub.tellings import tells
from hub.times import at_local, say_day
from hub.when_safe import told_when_safe
from hub.words import Awaiting

OWN_WORDS = "views.more"
LONGEST = 1000  # characters of their own words; the message itself is kept whole


async def begin(handling: Handling) -> None:
    """VIEW: the proposal once more, to answer or to change the answer."""
    await when_safe.tell(handling, "view")


@told_when_safe("view")
async def _open_again(handling: Handling, _number: int | None) -> None:
    proposal = await proposals.newest_told(handling.session, handling.person.id)
    if proposal is None:
        by = await promise(handling, "case_question")
        return await handling.say("views.none_open", answer_by=by)
    if proposal.state is P.DECIDED:
        return await handling.say("views.decided")
    await _ask(handling, proposal)


async def _still_open(handling: Handling, number: int) -> datetime | None:
    proposal = await handling.session.get_one(Proposal, number)
    return handling.now if proposal.state in {P.ASKED, P.TOLD, P.SILENT} else None


@tells(ABOUT, first="views.proposal", when=_still_open)
async def _propose(handling: Handling, number: int) -> None:
    proposal = await handling.session.get_one(Proposal, number)
    if proposal.state is P.DECIDED:
        return await handling.say("views.decided")
    proposals.told(proposal, handling.now)
    proposals.record(handling.session, handling.now, "hub", proposal, "proposal_told")
    await _ask(handling, proposal)


@tells("proposal_off", first="views.not_going_ahead")
async def _not_going_ahead(handling: Handling, number: int) -> None:
    proposal = await handling.session.get_one(Proposal, number)
    sealed = proposal.decision_reason_sealed
    await handling.say("views.not_going_ahead", reason=handling.key.open(sealed, "reason") if sealed else "")


async def _ask(handling: Handling, proposal: Proposal) -> None:
    words = handling.key.open(proposal.words_sealed, "proposal")
    reason = handling.key.open(proposal.reason_sealed, "reason") if proposal.reason_sealed else ""
    await handling.say("views.proposal", words=words, reason=reason)
    noon = at_local(proposal.answer_by, time(12), handling.agency.time_zone)
    by_day = say_day(noon, handling.agency.time_zone, handling.language)
    subject = (ABOUT, proposal.id)
    await handling.ask("views.ask", Awaiting.SURVEY_CHOICE, subject=subject, lasts=None, by_day=by_day)


@takes_answers(ABOUT)
async def take(handling: Handling, kind: Kind, words: str) -> None:
    """The choice, or their own words after it."""
    prompt = handling.prompt
    proposal = await handling.session.get(Proposal, prompt.subject_id) if prompt and prompt.subject_id else None
    if proposal is None or prompt is None or proposal.case.person_id != handling.person.id:
        return await handling.say("surveys.nothing_open")
    if proposal.state is P.DECIDED:
        await handling.answered()
        return await handling.say("views.decided")
    if prompt.text_key == OWN_WORDS:
        return await _take_words(handling, proposal, kind, words)
    await _take_choice(handling, proposal, kind, words)


async def _take_choice(handling: Handling, proposal: Proposal, kind: Kind, words: str) -> None:
    if kind in {Kind.SKIP, Kind.LATER}:
        await handling.answered()
        return await handling.say("views.later")
    answers = list(ANSWERS)
    if kind is not Kind.CHOICE or not words.isdecimal() or not 1 <= int(words) <= len(answers):
        return await repair(handling)
    answer = answers[int(words) - 1]
    await _give(handling, proposal, answer)
    await handling.answered()
    if answer == "speak_first":
        by = await promise(handling, "view_speak_first", detail=f"{ABOUT}:{proposal.id}")
        return await handling.say("views.speak_first", answer_by=by)
    keep = {"answer": answer}
    await handling.ask(OWN_WORDS, Awaiting.SURVEY_TEXT, subject=(ABOUT, proposal.id), keep=keep)


async def _take_words(handling: Handling, proposal: Proposal, kind: Kind, words: str) -> None:
    """With the choice as it was; SKIP and LATER leave it at that; CHANGE asks for the choice again."""
    if kind is Kind.CHANGE:
        return await _ask(handling, proposal)
    answer = handling.prompt.facts.get("answer", "") if handling.prompt else ""
    if kind not in {Kind.SKIP, Kind.LATER} and answer in ANSWERS:
        await _give(handling, proposal, answer, (words or handling.text)[:LONGEST])
    await handling.answered()
    await handling.say("views.noted")


async def _give(handling: Handling, proposal: Proposal, answer: str, words: str = "") -> None:
    actor = f"person:{handling.person.id}"
    await proposals.give(handling.hub, handling.session, actor, proposal, answer, "text", words)
