"""Surveys as data: what is refused, how answers are read, which question follows."""

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
    ],
)
def test_a_survey_that_is_not_whole_is_refused(tmp_path: Path, questions: str, why: str) -> None:
    with pytest.raises(FlowInvalid, match=why):
        read(tmp_path, questions)


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
