"""What a machine heard, read back to the person: right, not right, or a human listens. Knows no machine.

A draft is a machine's until its speaker says otherwise. Asked only while they are at their phone, and, where others
may read it, after "is now a good time?".
"""

from hub import when_safe
from hub.answering import Kind
from hub.consent import AWAKE
from hub.handling import Handling
from hub.promises import promise
from hub.repair import repair
from hub.store.tables import VoiceDraft
from hub.voices import drafts
from hub.voices.states import VoiceState
from hub.when_safe import told_when_safe
from hub.words import Awaiting

SUBJECT = "voice_draft"
LONGEST = 400  # characters that are read back by text, three parts at most; of a longer one a human listens
OPTIONS = "1, 2, 3"


async def offer(handling: Handling, draft: VoiceDraft) -> None:
    """Ask, unless something else is being talked about, or nobody is likely to be there."""
    if handling.prompt is None and is_short(handling, draft) and _is_there(handling):
        await when_safe.tell(handling, "voice_draft", draft.id)


def is_short(handling: Handling, draft: VoiceDraft) -> bool:
    return 0 < len(drafts.words_of(handling.hub, handling.person, draft)) <= LONGEST


@told_when_safe("voice_draft")
async def read_back(handling: Handling, number: int | None) -> None:
    draft = await handling.session.get(VoiceDraft, number)
    if draft is None or draft.state not in {VoiceState.HEARD, VoiceState.ASKED}:
        return
    await ask(handling, draft)


async def ask(handling: Handling, draft: VoiceDraft) -> None:
    if draft.state is VoiceState.HEARD:
        drafts.move(handling.hub, draft, VoiceState.ASKED)
    words = drafts.words_of(handling.hub, handling.person, draft)
    await handling.ask("voices.heard", Awaiting.SURVEY_CHOICE, subject=(SUBJECT, draft.id), words=words)


async def take(handling: Handling, kind: Kind, words: str) -> None:
    draft = await _draft(handling)
    if draft is None:
        return await handling.answered()
    if handling.prompt and handling.prompt.facts.get("step") == "again":
        return await _in_words(handling, draft, kind, words)
    choice = {Kind.YES: "1", Kind.NO: "2"}.get(kind, words.strip())
    await judge(handling, draft, "3" if kind in {Kind.SKIP, Kind.LATER} else choice)


async def judge(handling: Handling, draft: VoiceDraft, choice: str) -> None:
    match choice:
        case "1":
            await confirm(handling, draft)
            await handling.answered()
            await handling.say("voices.right")
        case "2":
            refuse(handling, draft)
            keep = {"step": "again"}
            await handling.ask("voices.say_again", Awaiting.SURVEY_TEXT, subject=(SUBJECT, draft.id), keep=keep)
        case "3":
            refuse(handling, draft)
            await listen(handling, draft)
        case _:
            await repair(handling, "surveys.choice_range", options=OPTIONS)


async def confirm(handling: Handling, draft: VoiceDraft) -> None:
    drafts.move(handling.hub, draft, VoiceState.CONFIRMED)
    handling.record("voice_confirmed", f"media:{draft.media_id}")


def refuse(handling: Handling, draft: VoiceDraft) -> None:
    drafts.move(handling.hub, draft, VoiceState.WRONG)
    handling.record("voice_wrong", f"media:{draft.media_id}")


async def listen(handling: Handling, draft: VoiceDraft) -> None:
    await handling.answered()
    by = await promise(handling, "voice_message", detail=f"media:{draft.media_id}")
    await handling.say("voices.listens", answer_by=by)


async def _in_words(handling: Handling, draft: VoiceDraft, kind: Kind, words: str) -> None:
    """They were asked to say it again, and wrote it."""
    if kind is not Kind.WORDS:
        return await listen(handling, draft)
    drafts.correct(handling.hub, handling.person, draft, words)
    handling.record("voice_corrected", f"media:{draft.media_id}")
    await handling.answered()
    await handling.say("voices.corrected")


async def _draft(handling: Handling) -> VoiceDraft | None:
    number = handling.prompt.subject_id if handling.prompt else None
    return await handling.session.get(VoiceDraft, number) if number else None


def _is_there(handling: Handling) -> bool:
    """Somebody who wrote minutes ago holds the phone; a human who answers in this conversation asks by themselves."""
    conversation = handling.conversation
    wrote = conversation.last_in_at is not None and handling.now - conversation.last_in_at <= AWAKE
    known = conversation.person.known
    return wrote and known and conversation.holder_id is None and conversation.contact_point.stopped_at is None
