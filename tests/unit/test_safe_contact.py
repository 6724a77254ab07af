"""What goes to a victim's address and what waits, in every state of safe contact; reading hours, names, code words."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.consent import ASKS_WHETHER_SAFE, Go, Never, Wait, may_send
from hub.safe_contact import FORBIDDEN, UNKNOWN, is_recorded
from hub.safe_contact_words import code_word_in, hours_of, name_in
from hub.sms import sanitise
from hub.states import SafeContactState
from hub.store.tables import Agency, ContactPoint, Conversation, Line, Message, Person
from hub.texts import as_written
from hub.words import Purpose, Side
from tests.world import our_flows

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXTS = ("victims.case_update", "surveys.invite", "safety.victim_danger_now", "safe_contact.ask", "person.help")


def conversation(state: SafeContactState, *, asked: bool, side: Side = Side.VICTIMS) -> Conversation:
    agency = Agency(contact_from=time(8), contact_until=time(20), time_zone="Europe/London")
    contact = ContactPoint(side=side, safe_state=state, safe_asked_at=NOON - timedelta(days=3) if asked else None)
    person = Person(wrapped_key=b"key", agency=agency)
    return Conversation(person=person, line=Line(enabled=True), contact_point=contact, last_in_at=NOON)


@given(
    state=st.sampled_from(SafeContactState),
    asked=st.booleans(),
    purpose=st.sampled_from(Purpose),
    text_key=st.sampled_from([*TEXTS, None]),
    author=st.sampled_from([None, 7]),
)
def test_nothing_goes_by_itself_before_safe_contact_and_nothing_at_all_to_a_phone_that_is_not_safe(
    state: SafeContactState, asked: bool, purpose: Purpose, text_key: str | None, author: int | None
) -> None:
    talk = conversation(state, asked=asked)
    message = Message(purpose=purpose, text_key=text_key, author_id=author, due_at=NOON)
    verdict = may_send(message, talk, [], NOON)
    if state in FORBIDDEN:
        assert isinstance(verdict, Go) is (purpose is Purpose.SAFETY)
        if purpose is not Purpose.SAFETY:
            assert verdict == Never("blocked", state.value)
    elif not asked and author is None and purpose not in {Purpose.REPLY, Purpose.SAFETY, Purpose.RETURN}:
        held = isinstance(verdict, Wait) and verdict.reason == UNKNOWN
        assert held is (text_key not in ASKS_WHETHER_SAFE)
    else:
        assert verdict == Go()


@given(state=st.sampled_from(SafeContactState), asked=st.booleans())
def test_the_other_side_is_never_asked_and_never_waits(state: SafeContactState, asked: bool) -> None:
    talk = conversation(SafeContactState.UNASKED, asked=asked, side=Side.SUPERVISION)
    assert is_recorded(talk.contact_point)
    assert may_send(Message(purpose=Purpose.SURVEY, due_at=NOON), talk, [], NOON) == Go()


def test_what_waits_for_an_answer_waits_no_longer_than_it_is_of_use() -> None:
    message = Message(purpose=Purpose.UPDATE, due_at=NOON, expires_at=NOON + timedelta(hours=2))
    talk = conversation(SafeContactState.ASKED, asked=False)
    assert may_send(message, talk, [], NOON) == Wait(NOON + timedelta(hours=2), UNKNOWN)
    assert may_send(message, talk, [], NOON + timedelta(hours=2)) == Never("expired", "too_late")


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("2", 8, 12),
        ("mornings", 8, 12),
        ("in the afternoon", 12, 17),
        ("evenings only", 17, 21),
        ("10 to 2", 10, 14),
        ("between 9 and 5pm", 9, 17),
        ("after 6", 18, 21),
        ("before 3", 8, 15),
        ("not before 10", 10, 21),
        ("yn y bore", 8, 12),
        ("nosweithiau", 17, 21),
        ("rhwng 2 a 4", 14, 16),
    ],
)
def test_hours_in_their_own_words(said: str, start: int, end: int) -> None:
    assert hours_of(said) == (time(start), time(end))


@pytest.mark.parametrize("said", ["1", "any time", "whenever", "unrhyw bryd", "trwy'r dydd"])
def test_any_time_is_no_window(said: str) -> None:
    assert hours_of(said) == (None, None)


@given(st.text(max_size=60))
def test_hours_that_are_read_begin_before_they_end(said: str) -> None:
    hours = hours_of(said)
    if hours and hours[0] and hours[1]:
        assert hours[0] < hours[1]


@pytest.mark.parametrize(("said", "name"), [("Jo", "Jo"), ("call me Jo", "Jo"), ("my name is Mary Ann", "Mary Ann")])
def test_a_name_is_taken_out_of_a_sentence(said: str, name: str) -> None:
    assert name_in(said) == name


def test_a_sentence_is_no_name_and_no_code_word() -> None:
    assert name_in("I would rather talk to somebody first") == ""
    assert code_word_in("please use the word robin") == ""
    assert code_word_in("Robin.") == "Robin"
    assert code_word_in("a" * 21) == ""


@given(st.sampled_from(["Robin", "blue door", "Afal"]), st.text(min_size=1, max_size=300).filter(sanitise))
def test_a_code_word_stands_first_once_and_is_counted(word: str, text: str) -> None:
    once = as_written(text, code_word=word)
    assert as_written(once.text, code_word=word) == once, "tried again, it is not said twice"
    assert once.text.startswith(f"{word}: ")
    assert len(once.text) >= len(as_written(text).text) + len(word)


def test_a_word_that_tells_is_no_code_word() -> None:
    rules = our_flows().text_rules
    assert rules.tells("Police")
    assert rules.tells("my victim")
    assert rules.tells("heddlu")
    assert not rules.tells("Robin")


def test_no_name_leaves_no_gap() -> None:
    said = our_flows().texts.render("appointments.praise_2", "en", {"first_name": ""})
    assert said.text == "Well done for coming. Each time counts."
    greeting = our_flows().texts.render("person.welcome", "en", {"first_name": "", "agency": "Northshire"})
    assert greeting.text.startswith("Hi, this is Northshire.")
