"""The promises that a simulation holds the hub to: one small function each, with the promise as its docstring.

A promise looks at one new line of the diary (`OF_LINES`), at one text that the carrier took (`OF_TEXTS`), or at an hour
that has passed (`OF_HOURS`). It says what it saw broken, in a sentence. They judge by what phones and people see and by
rules of their own, not by the hub's functions.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handrail.simulation.diary import GONE, Line
from handrail.simulation.memory import FINAL_IN, Memory, Said, is_cry
from handrail.simulation.town import MARKS
from hub.reasons import SAFETY_REASONS
from hub.states import (
    CHECK_IN_MOVES,
    ESCALATION_MOVES,
    MESSAGE_MOVES,
    NUDGE_MOVES,
    PROOF_MOVES,
    SURVEY_MOVES,
)
from integrations.channels.simulator import Taken

LONDON = ZoneInfo("Europe/London")
DAY = (time(8), time(20))  # the agency's permitted hours
AWAKE = timedelta(minutes=30)
LAST_WORDS = frozenset({"person.stopped", "person.wrong_person", "safe_contact.not_ok", "safe_contact.someone_else"})
STOP_WORDS, START_WORDS = frozenset({"STOP", "Stop. Thank you"}), frozenset({"START"})
STANDING = frozenset({"planned", "confirmed", "asked_to_move", "cannot_attend"})
SOON = timedelta(hours=1)  # a lost webhook, a lease or two, a wait that the carrier asked for
AT_ONCE = timedelta(minutes=5)  # a lease or two
MISUNDERSTOOD = ("human.again_", "human.offer_help")

Broken = Iterator[str]
_TABLES: Mapping[str, Mapping[Any, frozenset[Any]]] = {
    "messages": MESSAGE_MOVES,
    "nudges": NUDGE_MOVES,
    "escalations": ESCALATION_MOVES,
    "proofs": PROOF_MOVES,
    "check_ins": CHECK_IN_MOVES,
    "survey_runs": SURVEY_MOVES,
}
ALLOWED = {
    kind: {str(before): {str(after) for after in afters} for before, afters in moves.items()}
    for kind, moves in _TABLES.items()
}


# --- of each new line of the diary ----------------------------------------------------------------


def states_move_forward(_memory: Memory, line: Line) -> Broken:
    """No state moves but as its table allows: a late receipt takes nothing back."""
    if line.was is None or line.became in {line.was, GONE} or line.kind not in ALLOWED:
        return
    if line.became not in ALLOWED[line.kind].get(line.was, ()):
        yield f"{line.kind} {line.row_id} went from {line.was} to {line.became}"


def silent_after_stop(memory: Memory, line: Line) -> Broken:
    """After STOP nothing goes out but the one text that says so, until START."""
    if line.kind == "messages" and line.became == "sending":
        said = memory.said[line.row_id]
        if memory.contact_of.get(said.conversation) in memory.stopped and said.text_key not in LAST_WORDS:
            yield f"message {line.row_id} ({said.text_key}) goes out after STOP"


def stop_is_obeyed(memory: Memory, line: Line) -> Broken:
    """Whoever has written STOP is stopped as soon as it was read."""
    if line.kind == "messages" and line.became in FINAL_IN:
        said = memory.said[line.row_id]
        contact = memory.contact_of.get(said.conversation)
        if memory.written[said.provider_id].text in STOP_WORDS and contact not in memory.stopped:
            yield f"text {line.row_id} said STOP and the address was not stopped"


# Of the rules about appointments, those that count from what became of it.
AFTER_IT = frozenset({"missed_follow_up", "supporter_there", "supporter_call"})


def still_true(memory: Memory, line: Line) -> Broken:
    """No nudge goes out after its appointment was moved, called off or closed."""
    nudged = memory.nudge_of.get(line.row_id) if line.kind == "messages" and line.became == "sending" else None
    if nudged is None or nudged.kind != "appointment" or nudged.rule in AFTER_IT:
        return
    state, starts_at = memory.appointments[nudged.subject]
    if state not in STANDING or starts_at != nudged.occurrence:
        yield f"message {line.row_id} ({nudged.rule}) is about {nudged.occurrence}; appointment is {state}, {starts_at}"


def handled_once(memory: Memory, line: Line) -> Broken:
    """Every text is understood and answered by one worker, once. A cry for help may be raised again after a crash."""
    if line.kind != "turns" or line.became == "safety":
        return
    turn = (line.facts["message_id"], line.became)
    if turn in memory.turns:
        yield f"text {turn[0]} was handled twice"
    memory.turns.add(turn)


def handled_with_something(_memory: Memory, line: Line) -> Broken:
    """Whatever somebody writes leads to a command, or to a human who has the conversation anyway."""
    if (
        line.kind == "turns"
        and not line.facts["commands"]
        and line.became not in {"human", "nothing_else", "assistant"}
    ):
        yield f"text {line.facts['message_id']} led to nothing"


def a_thread_is_for_those_in_it(memory: Memory, line: Line) -> Broken:
    """What is said or told in a thread goes out to nobody but the person and the supporters who are in force then, who
    may see that much; of the talk nothing to who has muted it, and nothing while a worker has stopped it."""
    if line.kind != "messages" or line.became != "sending":
        return
    said, text = memory.said[line.row_id], memory.circles.texts.get(line.row_id)
    if text is None:
        if said.purpose == "thread":
            yield f"message {line.row_id} is of a talk, and nobody knows for whom"
        return
    if memory.person_of.get(said.conversation) != text.to:
        yield f"message {line.row_id} of thread {text.thread} goes to somebody for whom it is not"
    if why := memory.circles.bars(text, memory.now):
        yield f"message {line.row_id} of thread {text.thread} goes out to person {text.to}: {why}"


# --- of each text that the carrier took -----------------------------------------------------------


def sent_once(_memory: Memory, said: Said, taken: Taken) -> Broken:
    """No text is given to the carrier twice, whoever crashed in between."""
    if said.times_taken > 1:
        yield f"message {taken.outgoing.message_id} was taken {said.times_taken} times"


def at_permitted_hours(memory: Memory, said: Said, taken: Taken) -> Broken:
    """Nothing leaves outside the permitted hours or the person's safe window, but help, the last word, and answers to
    somebody who wrote in the last half hour."""
    if said.purpose == "safety" or said.text_key in LAST_WORDS:
        return
    last_in = memory.last_in.get(said.conversation)
    if said.purpose in {"reply", "thread"} and last_in and taken.at - last_in <= AWAKE:
        return
    who = memory.somebody(said.conversation)
    start, end = (who.safe if who else None) or DAY
    if not _lies_in(taken.at, start, end):
        yield f"message {taken.outgoing.message_id} ({said.text_key}) left at {taken.at.astimezone(LONDON):%H:%M}"


def sides_never_meet(memory: Memory, _said: Said, taken: Taken) -> Broken:
    """No word from one side to the other: neither by the line, nor by the phone, nor inside the text."""
    out = taken.outgoing
    who = memory.phones.get((out.to, out.line_address))
    if who is None:
        yield f"message {out.message_id} went to a phone that has nothing to do with its line"
        return
    for side, mark in MARKS.items():
        if side is not who.side and mark in out.text:
            yield f"message {out.message_id} tells {who.side} a word of {side}"


def in_their_order(memory: Memory, said: Said, taken: Taken) -> Broken:
    """Texts of one conversation and rank leave in the order in which they were written, unless one was put off."""
    message_id = taken.outgoing.message_id
    last = memory.last_sent.get((said.conversation, said.rank), 0)
    if message_id < last and not said.put_off and said.attempts == 1:
        yield f"message {message_id} left after message {last}"


def never_misunderstood_in_the_same_words(memory: Memory, said: Said, taken: Taken) -> Broken:
    """Two texts in a row never say with the same words that we did not understand."""
    before = memory.last_text.get(said.conversation)
    if before is None or not said.text_key.startswith(MISUNDERSTOOD):
        return
    at, _, words = before
    if words == taken.outgoing.text and taken.at - at <= SOON:
        yield f"message {taken.outgoing.message_id} repeats the text before it"


# --- of the time that has passed ------------------------------------------------------------------


def each_hears_a_post_once(memory: Memory) -> Broken:
    """What is said in a thread is put out once for everybody who may hear it, and for nobody else."""
    for post in memory.circles.take_posts():
        got = Counter(text.to for text in memory.circles.of_post(post.id) if not _is_notice(memory, text.message))
        for reader in sorted(post.readers | set(got)):
            if got[reader] != (reader in post.readers):
                yield f"post {post.id} in thread {post.thread} is put out {got[reader]} times for person {reader}"


def _is_notice(memory: Memory, message_id: int) -> bool:
    """On a phone that others read: it says that there is something, and waits for READ."""
    return memory.said[message_id].text_key == "threads.something_new"


def cries_are_heard(memory: Memory) -> Broken:
    """Every cry for help that was read lies open before a human, and the helplines have answered."""
    for conversation, at in memory.take_cries():
        if not memory.open_reasons[conversation] & SAFETY_REASONS:
            yield f"conversation {conversation}: a cry for help without an open escalation"
        helped = memory.helped_at.get(conversation)
        if helped is None or at - helped > AWAKE:
            yield f"conversation {conversation}: a cry for help without an answer"


def no_text_is_lost(memory: Memory) -> Broken:
    """Whatever somebody writes is read within the hour, a cry for help within minutes of its coming."""
    for provider_id, written_at in memory.unread.items():
        accepted = memory.accepted.get(provider_id)
        is_one = is_cry(memory.written[provider_id].text)
        if memory.overdue(written_at) > SOON or (is_one and accepted and memory.overdue(accepted) > AT_ONCE):
            yield f"text {provider_id} of {written_at:%d %B %H:%M} was not read"


def nudges_end(memory: Memory) -> Broken:
    """Every nudge ends at its time: queued, skipped, missed or cancelled."""
    for nudge, due_at in memory.planned.items():
        if due_at < memory.now and memory.overdue(due_at) > SOON:
            yield f"nudge {nudge}, due {due_at:%d %B %H:%M}, is still planned"


def messages_end(memory: Memory) -> Broken:
    """No text stays half-way: sent, put off to a time, or at an end with a reason."""
    for message_id in sorted(memory.under_way):
        said = memory.said[message_id]
        since = max(said.since, said.due_at)
        if since < memory.now and memory.overdue(since) > SOON:
            yield f"message {message_id} is {said.state} since {said.since:%d %B %H:%M}"


def _lies_in(moment: datetime, start: time, end: time) -> bool:
    clock = moment.astimezone(LONDON).time()
    return start <= clock < end if start <= end else clock >= start or clock < end


OF_LINES: Sequence[Callable[[Memory, Line], Broken]] = (
    states_move_forward,
    silent_after_stop,
    stop_is_obeyed,
    still_true,
    handled_once,
    handled_with_something,
    a_thread_is_for_those_in_it,
)
OF_TEXTS: Sequence[Callable[[Memory, Said, Taken], Broken]] = (
    sent_once,
    at_permitted_hours,
    sides_never_meet,
    in_their_order,
    never_misunderstood_in_the_same_words,
)
OF_STEPS: Sequence[Callable[[Memory], Broken]] = (cries_are_heard, each_hears_a_post_once)
OF_HOURS: Sequence[Callable[[Memory], Broken]] = (no_text_is_lost, nudges_end, messages_end)
