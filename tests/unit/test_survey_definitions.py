"""Surveys as data: what is refused, how answers are read, which question follows."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import FlowInvalid
from hub.surveys.definition import Survey, read_surveys
from hub.surveys.kinds import QuestionKind

FLOWS = Path(__file__).parents[2] / "flows"
SURVEYS = read_surveys(FLOWS / "surveys" / "definitions")
VICTIMS = SURVEYS["victim_satisfaction"]

HEAD = "title: {en: A, cy: A}\nside: victims\nquestions:\n"
CHOICE = "  q1: {type: choice, text: {en: A, cy: A}, choices: "
WHOLE = "  q1: {type: yes_no, text: {en: Ask, cy: Gofyn}}\n"
ASK = "text: {en: Ask, cy: Gofyn}"


def read(tmp_path: Path, questions: str) -> Survey:
    (tmp_path / "s.yml").write_text(HEAD + questions)
    return read_surveys(tmp_path)["s"]


def test_a_whole_survey_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE).first.id == "q1"


@pytest.mark.parametrize(
    ("questions", "why"),
    [
        ("  q1: {type: yes_no, text: {en: Ask}}\n", "languages"),
        (WHOLE + WHOLE, "twice"),
        ("  q1: {type: yes_no, text: {en: A, cy: A}, next: q1}\n", "circle"),
        ("  q1: {type: yes_no, text: {en: A, cy: A}, next: q9}\n", "no question"),
        ("  q1: {type: yes_no, text: {en: A, cy: A}, next: {'maybe': end}}\n", "no answer"),
        (
            CHOICE + "{a: {en: Stop, cy: X}, b: {en: B, cy: B}}}\n",
            "reserved",
        ),
        (
            CHOICE + "{a: {en: B, cy: X}, b: {en: B, cy: B}}}\n",
            "same answer",
        ),
        (CHOICE + "{a: {en: B, cy: B}}}\n", "choices"),
        ("  q1: {type: song, text: {en: A, cy: A}}\n", "song"),
        (WHOLE + f"  q2: {{type: scale, {ASK}, low: 5, high: 1}}\n", "line 5.*5 to 1"),
        (WHOLE + f"  q2: {{type: number, {ASK}, high: many}}\n", "line 5.*whole number"),
        (WHOLE + f"  q2: {{type: yes_no, {ASK}, concern: no}}\n", "line 5.*no answer False to worry at"),
        (WHOLE + f"  q2: {{type: text, {ASK}, past: true}}\n", "line 5.*no date"),
        (WHOLE + f"  q2: {{type: text, {ASK}, concerns: 1}}\n", "line 5.*`concerns`, which is not known"),
        (WHOLE + f"  q2: {{type: text, {ASK}, prefer_not_to_say: true}}\n", "line 5.*prefer_not_to_say"),
        (WHOLE + "  q2: {type: text, text: {en: 3, cy: A}}\n", "line 5.*quotes"),
        (WHOLE + "  no: {type: text, text: {en: A, cy: A}}\n", "line 5.*needs a name in words"),
        (WHOLE + "  q2: {type: text\n", "line 6.*no YAML"),
    ],
)
def test_a_survey_that_is_not_whole_is_refused(tmp_path: Path, questions: str, why: str) -> None:
    with pytest.raises(FlowInvalid, match=why):
        read(tmp_path, questions)


BROKEN = {
    "a missing language": (
        """title: {en: A, cy: A}
side: victims
questions:
  q1:
    type: choice
    text: {en: "Which?", cy: "Pa un?"}
    choices:
      red: {en: Red, cy: Coch}
      blue: {en: Blue}
""",
        "line 9: `q1` is not in the languages of the title \\(cy\\)",
    ),
    "a loop": (
        """title: {en: A, cy: A}
side: victims
questions:
  q1:
    type: yes_no
    text: {en: A, cy: A}
  q2:
    type: yes_no
    text: {en: B, cy: B}
    next: {"yes": q1, "no": end}
""",
        "line 6: `q1` comes after itself|line 4: `q1` comes after itself",
    ),
    "an id that stands there twice": (
        """title: {en: A, cy: A}
side: victims
questions:
  q1:
    type: text
    text: {en: A, cy: A}
  q1:
    type: text
    text: {en: B, cy: B}
""",
        "line 7: `q1` stands there twice, first in line 4",
    ),
    "an answer that is a reserved word": (
        """title: {en: A, cy: A}
side: victims
questions:
  q1:
    type: choice
    text: {en: "Which?", cy: "Pa un?"}
    choices:
      go_on: {en: Go on, cy: Ymlaen}
      stop: {en: Stop, cy: Aros}
""",
        "line 9: `q1` has the answer stop, a reserved word",
    ),
    "a question that is a reserved word": (
        """title: {en: A, cy: A}
side: victims
questions:
  end:
    type: text
    text: {en: A, cy: A}
""",
        "line 4: `end` is a reserved word",
    ),
    "a question that nothing leads to": (
        """title: {en: A, cy: A}
side: victims
questions:
  q1:
    type: yes_no
    text: {en: A, cy: A}
    next: q3
  q2:
    type: text
    text: {en: B, cy: B}
  q3:
    type: text
    text: {en: C, cy: C}
""",
        "line 8: no answer leads to `q2`",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, what: str) -> None:
    text, said = BROKEN[what]
    (tmp_path / "s.yml").write_text(text)
    with pytest.raises(FlowInvalid, match=said) as wrong:
        read_surveys(tmp_path)
    assert str(tmp_path / "s.yml") in wrong.value.detail


def test_a_word_that_works_always_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "s.yml").write_text(HEAD + CHOICE + "{a: {en: News, cy: X}, b: {en: B, cy: B}}}\n")
    assert read_surveys(tmp_path)
    with pytest.raises(FlowInvalid, match=r"line 4.*News, a reserved word"):
        read_surveys(tmp_path, {"news"})


@pytest.mark.parametrize(
    ("said", "read_as"),
    [
        ("3", "3"),
        ("about 3 people", "3"),
        ("03", "3"),
        ("3.", "3"),
        *((said, None) for said in ("2 or 3", "-3", "3.5", "1,000", "1234567", "none", "٣")),
    ],
)
def test_a_number_is_read_when_only_one_is_said(said: str, read_as: str | None) -> None:
    assert VICTIMS.questions["repeat_story"].read(said) == read_as


def test_a_number_keeps_to_its_bounds_and_a_past_day_lies_behind(tmp_path: Path) -> None:
    survey = read(tmp_path, f"  q1: {{type: number, {ASK}, high: 20}}\n  q2: {{type: date, {ASK}, past: true}}\n")
    assert [survey.questions["q1"].read(said) for said in ("20", "21")] == ["20", None]
    today = date(2026, 3, 2)
    days = [survey.questions["q2"].read("x", today + timedelta(days=by), today) for by in (-1, 0, 1)]
    assert days == ["2026-03-01", "2026-03-02", None]


def test_an_answer_to_a_branch_that_was_left_is_off_the_way() -> None:
    told = {"fair_treatment": "5", "kept_informed": "yes", "how_informed": "call", "overall": "4"}
    assert "how_informed" not in VICTIMS.may_come(told)
    assert "overall" in VICTIMS.may_come(told), "an answer further on can still count"
    assert "how_informed" in VICTIMS.may_come(told | {"kept_informed": "no"})


def test_an_answer_leads_to_its_question() -> None:
    informed = VICTIMS.questions["kept_informed"]
    assert VICTIMS.after(informed, "no") == VICTIMS.questions["how_informed"]
    assert VICTIMS.after(informed, "yes") == VICTIMS.questions["asked_needs"]
    assert VICTIMS.after(informed, None) == VICTIMS.questions["how_informed"]


def test_a_low_rating_worries_and_a_high_one_does_not() -> None:
    question = VICTIMS.questions["overall"]
    assert [code for code in question.codes() if question.worries(code)] == ["1", "2"]


def test_a_choice_is_read_by_its_number_or_its_name() -> None:
    question = VICTIMS.questions["how_informed"]
    assert question.read("2") == question.read("call") == "call"
    assert question.read("5") is None


@given(st.sampled_from(sorted(VICTIMS.questions)), st.text(max_size=20))
def test_what_is_read_can_be_counted(name: str, words: str) -> None:
    question = VICTIMS.questions[name]
    code = question.read(words)
    if question.kind in {QuestionKind.CHOICE, QuestionKind.SCALE, QuestionKind.YES_NO}:
        assert code is None or code in question.codes()


@given(st.data())
def test_every_way_through_a_survey_ends(data: st.DataObject) -> None:
    survey = data.draw(st.sampled_from(sorted(SURVEYS.values(), key=lambda s: s.name)))
    answers: dict[str, str | None] = {}
    for _ in range(len(survey.questions) + 1):
        path = list(survey.path(answers))
        if path[-1].id in answers:
            break
        answers[path[-1].id] = data.draw(st.sampled_from([*path[-1].codes(), None]))
    assert path[-1].id in answers
    assert len({question.id for question in path}) == len(path)
