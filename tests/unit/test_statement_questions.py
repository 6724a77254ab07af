"""Files of questions for statements: whole ones are read, every kind of mistake is refused with the file and why."""

from pathlib import Path

import pytest
import yaml

from hub.errors import FlowInvalid
from hub.statements.definition import Kind, read_questions
from hub.words import Awaiting, Side
from tests.world import our_flows

WHOLE = {
    "title": {"en": "T", "cy": "T"},
    "side": "victims",
    "questions": {
        "hurt": {
            "type": "yes_no",
            "title": {"en": "H", "cy": "H"},
            "text": {"en": "Hurt?", "cy": "Wedi brifo?"},
            "next": {"no": "rest"},
        },
        "how": {"type": "words", "title": {"en": "W", "cy": "W"}, "text": {"en": "How?", "cy": "Sut?"}},
        "rest": {"type": "files", "title": {"en": "P", "cy": "P"}, "text": {"en": "Photos?", "cy": "Lluniau?"}},
    },
}


def written(folder: Path, content: object) -> Path:
    (folder / "mine.yml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def changed(**what: object) -> dict[str, object]:
    """The whole file with the first question otherwise."""
    first = {**WHOLE["questions"]["hurt"], **what}  # type: ignore[index]
    return {**WHOLE, "questions": {**WHOLE["questions"], "hurt": first}}  # type: ignore[dict-item]


def test_an_answer_leads_past_what_does_not_concern_them(tmp_path: Path) -> None:
    found = read_questions(written(tmp_path, WHOLE))["mine"]
    assert [q.id for q in found.path({"hurt": "no"})] == ["hurt", "rest"]
    assert [q.id for q in found.path({"hurt": "yes"})] == ["hurt", "how"]
    assert [q.id for q in found.path({"hurt": None, "how": None, "rest": "done"})] == ["hurt", "how", "rest"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (changed(text={"en": "Hurt?"}), "`hurt` is not in the languages of the title"),
        (changed(next={"no": "nowhere"}), "after `hurt` comes no question that stands further down"),
        (changed(next={"no": "hurt"}), "after `hurt` comes no question that stands further down"),
        (changed(next={"maybe": "rest"}), "an answer that it does not have"),
        (changed(type="choice", choices={"one": {"en": "1", "cy": "1"}}, next={}), "needs two to 9 choices"),
        (changed(type="song"), "song"),
        ({**WHOLE, "questions": {}}, "one to 20 questions"),
        ({**WHOLE, "side": "both"}, "both"),
    ],
)
def test_a_mistake_is_refused_with_the_file_and_what_it_is(tmp_path: Path, content: object, why: str) -> None:
    with pytest.raises(FlowInvalid) as wrong:
        read_questions(written(tmp_path, content))
    assert "mine.yml" in str(wrong.value)
    assert why in str(wrong.value)


def test_ours_are_for_victims_alone_and_ask_nobody_to_find_anything_out() -> None:
    for questions in our_flows().statements.values():
        assert questions.side is Side.VICTIMS
        for question in questions.questions.values():
            said = question.text["en"].casefold()
            assert "must" not in said
            assert "why" not in said.split()
            assert question.awaiting in {Awaiting.SURVEY_TEXT, Awaiting.SURVEY_YES_NO, Awaiting.SURVEY_CHOICE}
            if question.kind is Kind.WORDS:
                assert "skip" in said, "every question can be left out"
