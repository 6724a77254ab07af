"""All of a statement, read back by text; then it is right, or something in it is changed, or it is taken back.

What a machine heard in a voice message is asked about first, one after the other. Knows nothing of how a question is
asked the first time.
"""

from hub import when_safe
from hub.answering import Kind as Answer
from hub.handling import Handling
from hub.promises import promise
from hub.repair import repair
from hub.statements import asking, records, sealing
from hub.statements.definition import Question
from hub.statements.records import Standing
from hub.store.tables import Statement, StatementAnswer, VoiceDraft
from hub.voices import drafts, reading_back
from hub.voices.states import VoiceState
from hub.when_safe import told_when_safe
from hub.words import Awaiting

TOPIC = "statement_back"
LONGEST_PART = 430  # characters: three parts of an SMS
_ANSWERS = {Answer.YES: "1", Answer.NO: "2"}


async def begin(handling: Handling, statement: Statement) -> None:
    """On a phone that others may read, only after they have said once more that now is a good time."""
    await handling.answered()
    await when_safe.tell(handling, TOPIC, statement.id)


@told_when_safe(TOPIC)
async def tell(handling: Handling, number: int | None) -> None:
    statement = await handling.session.get(Statement, number)
    if statement is None or not records.may_go_on(handling.hub, statement):
        return await handling.say("statements.over")
    where = await records.standing(handling.hub, handling.session, statement)
    draft = await _unasked(handling, where)
    if draft:
        return await _ask_about(handling, statement, draft)
    await sealing.read_back(handling.hub, handling.session, statement)
    for part in await _parts(handling, statement, where):
        await handling.say("statements.part", part=part)
    await _ask(handling, statement, "statements.is_it_right", "read_back")


async def take(handling: Handling, statement: Statement, kind: Answer, words: str) -> None:
    match _ANSWERS.get(kind, words.strip()):
        case "1":
            await _finish(handling, statement)
        case "2":
            await _ask(handling, statement, "statements.which", "which")
        case "3":
            await _take_back(handling, statement)
        case _ if kind in {Answer.LATER, Answer.SKIP}:
            await asking.later(handling)
        case _ if kind is Answer.CHANGE:
            await _ask(handling, statement, "statements.which", "which")
        case _:
            await repair(handling, "surveys.choice_range", options="1, 2, 3")


async def take_which(handling: Handling, statement: Statement, kind: Answer, words: str) -> None:
    """The number of what is to be changed, as it was read back."""
    if kind in {Answer.LATER, Answer.SKIP}:
        return await asking.later(handling)
    where = await records.standing(handling.hub, handling.session, statement)
    said = _ANSWERS.get(kind, words.strip())
    if not said.isdecimal() or not 1 <= int(said) <= len(where.way):
        return await repair(handling, "statements.no_such_number", most=str(len(where.way)))
    await asking.ask(handling, statement, where.way[int(said) - 1])


async def take_voice(handling: Handling, statement: Statement, kind: Answer, words: str) -> None:
    """What they say of a machine's draft: right; say it again, as an answer to the question; a human listens."""
    kept = handling.prompt.facts if handling.prompt else {}
    draft = await handling.session.get(VoiceDraft, kept.get("draft"))
    if kind is Answer.LATER or draft is None:
        return await asking.later(handling)
    match "3" if kind is Answer.SKIP else _ANSWERS.get(kind, words.strip()):
        case "1":
            await reading_back.confirm(handling, draft)
        case "2":
            reading_back.refuse(handling, draft)
            return await asking.ask(handling, statement, await _question_of(handling, statement, draft))
        case "3":
            reading_back.refuse(handling, draft)
            await handling.escalate("voice_message", detail=f"media:{draft.media_id}")
        case _:
            return await repair(handling, "surveys.choice_range", options="1, 2, 3")
    await handling.answered()
    await tell(handling, statement.id)


async def _ask(handling: Handling, statement: Statement, text_key: str, step: str) -> None:
    lasts = max(statement.expires_at - handling.now, records.STAYS_OPEN / 14)
    subject, keep = (asking.SUBJECT, statement.id), {"step": step}
    await handling.ask(text_key, Awaiting.SURVEY_CHOICE, subject=subject, keep=keep, lasts=lasts)


async def _ask_about(handling: Handling, statement: Statement, draft: VoiceDraft) -> None:
    if draft.state is VoiceState.HEARD:
        drafts.move(handling.hub, draft, VoiceState.ASKED)
    words = drafts.words_of(handling.hub, handling.person, draft)
    keep = {"step": "voice", "draft": draft.id}
    await handling.ask(
        "voices.heard", Awaiting.SURVEY_CHOICE, subject=(asking.SUBJECT, statement.id), keep=keep, words=words
    )


async def _unasked(handling: Handling, where: Standing) -> VoiceDraft | None:
    """The first draft that its speaker has not judged. Of a long one a human listens."""
    for question in where.way:
        for answer in where.answers.get(question.id, []):
            draft = await drafts.of(handling.session, answer.media.id) if answer.media else None
            open_one = draft and draft.state in {VoiceState.HEARD, VoiceState.ASKED}
            if draft and open_one and reading_back.is_short(handling, draft):
                return draft
    return None


async def _question_of(handling: Handling, statement: Statement, draft: VoiceDraft) -> Question:
    answers = await records.answers_of(handling.session, statement)
    name = next(each.question for each in answers if each.media_id == draft.media_id)
    return records.questions_of(handling.hub, statement).questions[name]


async def _parts(handling: Handling, statement: Statement, where: Standing) -> list[str]:
    """As few messages as hold it, each short enough for a phone; a long answer goes over several."""
    parts: list[str] = []
    for number, question in enumerate(where.way, 1):
        title = question.title.get(handling.language) or question.title["en"]
        said = [await _said(handling, statement, question, each) for each in where.answers.get(question.id, [])]
        words = f"{number}. {title}: {'; '.join(part for part in said if part) or '-'}"
        for piece in _pieces(words):
            if parts and len(parts[-1]) + len(piece) + 1 <= LONGEST_PART:
                parts[-1] = f"{parts[-1]} {piece}"
            else:
                parts.append(piece)
    return parts


def _pieces(words: str) -> list[str]:
    """Cut between words."""
    pieces = [""]
    for word in words.split():
        if pieces[-1] and len(pieces[-1]) + len(word) + 1 > LONGEST_PART:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]} {word}".strip()
    return pieces


async def _said(handling: Handling, statement: Statement, question: Question, answer: StatementAnswer) -> str:
    """One answer in words: what cannot be said by text is named."""
    if answer.media:
        draft = await drafts.of(handling.session, answer.media.id)
        if draft and draft.state in {VoiceState.CONFIRMED, VoiceState.CORRECTED}:
            return drafts.words_of(handling.hub, handling.person, draft)
        return _named(handling, "voices.a_voice" if draft else "statements.a_photo")
    if answer.code in question.codes():
        return question.label(answer.code or "", handling.language)
    return records.words_of(handling.hub, statement, answer)


def _named(handling: Handling, text_key: str) -> str:
    return handling.texts.template(text_key, handling.language).text


async def _finish(handling: Handling, statement: Statement) -> None:
    """Their own words, confirmed."""
    await sealing.confirm(handling.hub, handling.session, statement, asking.way_of(handling))
    await handling.answered()
    by = await promise(handling, "statement_given", detail=f"statement:{statement.id}")
    await handling.say("statements.confirmed", answer_by=by)


async def _take_back(handling: Handling, statement: Statement) -> None:
    await sealing.withdraw(handling.hub, handling.session, statement)
    await handling.answered()
    by = await promise(handling, "statement_withdrawn", detail=f"statement:{statement.id}")
    await handling.say("statements.withdrawn", answer_by=by)
