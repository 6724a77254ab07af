"""The results of surveys as figures: who took part, each question, by provider and by month; small numbers hidden."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.outcomes.figure import Figure, Row, say_percent, shown
from hub.reading.outcomes.scope import Scope
from hub.reading.outcomes.small import TOO_FEW, hide, is_small, percent, total
from hub.reading.outcomes.survey_counts import Counts, Group, Silent, audiences, count, is_good
from hub.reading.surveys import for_a_page
from hub.reading.wording import CHANNELS as CHANNEL_NAMES
from hub.reading.wording import LANGUAGES
from hub.surveys.definition import Survey
from hub.surveys.kinds import Question, QuestionKind

GOOD = "Good: yes, or one of the two best marks."
_STATES = {
    "completed": "Completed",
    "started": "Begun, not finished",
    "declined": "Said no",
    "invited": "No answer yet",
    "expired": "Ran out",
}


@dataclass(frozen=True, slots=True)
class Results:
    part: Figure
    rate: str  # of those invited, how many completed it
    questions: list[Figure]
    providers: Figure
    months: Figure
    silent: list[Figure]  # who did not answer: by channel, language, team

    @property
    def figures(self) -> list[Figure]:
        return [self.part, *self.silent, *self.questions, self.providers, self.months]


async def results(session: AsyncSession, scope: Scope, survey: Survey) -> Results:
    counts = await count(session, scope, survey)
    part, rate = _part(counts)
    return Results(
        part=part,
        rate=rate,
        questions=[
            _question(question, counts.answers[name], counts.skipped[name])
            for name, question in survey.questions.items()
        ],
        providers=_grouped("by-provider", "By provider", "Provider", _sorted(counts.providers), _PROVIDER),
        months=_grouped("by-month", "By month", "Month", _named(counts.months), "By the month of the invitation."),
        silent=_silent(await audiences(session, scope, survey)),
    )


async def figure(hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    """All surveys of the side in one: how good the answers to each question were."""
    rows: list[Row] = []
    for survey in hub.flows.surveys.values():
        if survey.side is scope.side:
            answers = (await count(session, scope, survey)).answers
            rows += [_good_row(q, answers[n]) for n, q in survey.questions.items() if q.kind in _RATED and answers[n]]
    return Figure(
        key="surveys",
        title="What people say in surveys",
        definition=f"Answers to the surveys that people were invited to in the period. {GOOD}",
        columns=("Question", "Good answers", "Answers", "Good, of those answered"),
        rows=rows,
        drawn="How many in a hundred answers were good",
        whole=100,
    )


async def by_provider(hub: Hub, session: AsyncSession, scope: Scope) -> list[Figure]:
    """One figure a survey of the side."""
    surveys = [survey for survey in hub.flows.surveys.values() if survey.side is scope.side]
    found = [(survey, (await count(session, scope, survey)).providers) for survey in surveys]
    return [
        _grouped(
            f"by-provider-{survey.name}", f"{survey.title['en']}: by provider", "Provider", _sorted(groups), _PROVIDER
        )
        for survey, groups in found
    ]


_FEW = f"Left out by some: {TOO_FEW.lower()}."
_BY = {
    "channel": "The way that they prefer now.",
    "language": "The language of our texts to them.",
    "team": "The team of their worker now.",
}
_NONE = {"channel": "No way to reach them", "language": "No language", "team": "No worker yet"}
_RATED = (QuestionKind.SCALE, QuestionKind.YES_NO)
_PROVIDER = (
    "Provider: whom the person’s last appointment before the invitation was with; for our own staff, their team. "
    "People were not put there by lot, so a difference may come from who goes where."
)


def _part(counts: Counts) -> tuple[Figure, str]:
    states = Counter(counts.states)
    states["started"] += states.pop("paused", 0)
    numbers = [states[state] for state in _STATES]
    cells, invited = hide(numbers), total(numbers)
    rows = [
        Row(words, (shown(cell),), cell, "" if cell is None else f"{cell:,}")
        for words, cell in zip(_STATES.values(), cells, strict=True)
    ]
    rate = say_percent(None if cells[0] is None or invited is None else percent(cells[0], invited))
    part = Figure(
        key="part",
        title="Who took part",
        definition="Everybody who was invited in the period, by how far they came.",
        columns=("How far", "People"),
        rows=[*rows, Row("Invited in all", (shown(invited),), sum=True)],
        drawn="How many people",
    )
    return part, rate if any(numbers) else "Nobody was invited"


def _silent(groups: Mapping[str, Mapping[str, Silent]]) -> list[Figure]:
    """Whom the results do not speak for. One team alone is no comparison."""
    channels = {str(kind): name for kind, name in CHANNEL_NAMES.items()}
    named: dict[str, Mapping[str, str]] = {"channel": channels, "language": LANGUAGES, "team": {}}
    return [
        _silent_by(kind, {named[kind].get(code, code) or _NONE[kind]: each for code, each in found.items()})
        for kind, found in groups.items()
        if len(found) > 1
    ]


def _silent_by(kind: str, groups: Mapping[str, Silent]) -> Figure:
    """A row that would tell of few who answered, or of few who did not, is hidden with the next smallest."""
    names = sorted(groups, key=str.casefold)
    found = [groups[name] for name in names]
    telling = [is_small(each.silent) or is_small(each.invited - each.silent) for each in found]
    cells = hide([each.invited for each in found], telling)
    return Figure(
        key=f"silent-by-{kind}",
        title=f"Who did not answer, by {kind}",
        definition=f"{_BY[kind]} Of those invited in the period, how many have answered no question so far.",
        columns=(kind.capitalize(), "Answered nothing", "Of those invited", "Invited"),
        rows=[_silent_row(name, each, cell) for name, each, cell in zip(names, found, cells, strict=True)],
        drawn="How many in a hundred answered nothing",
        whole=100,
        if_any=True,
    )


def _silent_row(name: str, each: Silent, cell: int | None) -> Row:
    if cell is None:
        return Row(name, (TOO_FEW,) * 3)
    share = percent(each.silent, each.invited)
    return Row(name, (each.silent, say_percent(share), each.invited), share, f"{share}% of {each.invited:,}")


def _question(question: Question, answers: Mapping[str, int], skipped: int) -> Figure:
    labels = _labels(question)
    if question.kind is QuestionKind.SCALE and any(map(is_small, (answers[code] for code in labels))):
        labels, answers = _coarse(question, answers)
    numbers = [answers.get(code, 0) for code in labels]
    base, whole = total(numbers), question.kind in _RATED or question.kind is QuestionKind.CHOICE
    rows = [_answer_row(label, cell, base) for label, cell in zip(labels.values(), hide(numbers), strict=True)]
    return Figure(
        key=question.id.replace("_", "-"),
        title=for_a_page(question.text["en"]),
        definition="",
        columns=("Answer", "People", "Of those who answered"),
        rows=[*rows, Row("Answered in all", (shown(base), "100%" if base else "–"), sum=True)] if whole else [],
        drawn="How many people gave each answer",
        notes=[*_notes(question, answers, numbers), *_left_out(question, answers, skipped)],
    )


def _left_out(question: Question, answers: Mapping[str, int], skipped: int) -> list[str]:
    """Of those who were asked this question, how many said nothing to it."""
    asked = sum(answers.values()) + skipped
    if question.kind is QuestionKind.TEXT or not skipped:
        return []
    share = None if None in hide([sum(answers.values()), skipped]) else percent(skipped, asked)
    return [f"Left out by {skipped:,} of the {asked:,} who were asked ({share}%)." if share is not None else _FEW]


def _answer_row(label: str, cell: int | None, base: int | None) -> Row:
    share = None if cell is None or base is None else percent(cell, base)
    said = "" if cell is None else f"{cell:,}"
    return Row(label, (shown(cell), "–" if share is None else say_percent(share)), cell, said)


def _labels(question: Question) -> dict[str, str]:
    """The answers that can be counted, by code, in words."""
    if question.kind is QuestionKind.CHOICE:
        return {code: words["en"] for code, words in question.choices.items()}
    return {code: code.capitalize() for code in question.codes()}


def _coarse(question: Question, answers: Mapping[str, int]) -> tuple[dict[str, str], dict[str, int]]:
    """Two groups instead of each mark, where few gave one of them."""
    codes = question.codes()
    good = sum(answers.get(code, 0) for code in codes[-2:])
    rest = sum(answers.get(code, 0) for code in codes[:-2])
    names = {"rest": f"{codes[0]} to {codes[-3]}", "good": f"{codes[-2]} or {codes[-1]}"}
    return names, {"rest": rest, "good": good}


def _notes(question: Question, answers: Mapping[str, int], numbers: list[int]) -> list[str]:
    if question.kind is QuestionKind.TEXT:
        return ["People answer in their own words: see below."]
    if question.kind is QuestionKind.DATE:
        return ["Days are not counted here."]
    if question.kind is QuestionKind.NUMBER:
        numbers = [int(code) for code, people in answers.items() for _ in range(people)]
        return [_average(numbers)]
    if "good" in answers:
        return ["Few people gave some of the marks, so they are shown in two groups, without an average."]
    if question.kind is QuestionKind.SCALE:
        return [_average([int(code) for code, people in answers.items() for _ in range(people)])]
    return []


def _average(numbers: list[int]) -> str:
    if not numbers:
        return "Nobody has answered yet."
    if is_small(len(numbers)):
        return f"Average: {TOO_FEW.lower()}."
    return f"Average: {sum(numbers) / len(numbers):.1f}, of {len(numbers):,} people."


def _good_row(question: Question, answers: Mapping[str, int]) -> Row:
    good = sum(number for code, number in answers.items() if is_good(question, code))
    base = sum(answers.values())
    label = for_a_page(question.text["en"])
    if None in hide([good, base - good]):
        return Row(label, (TOO_FEW,) * 3)
    share = percent(good, base)
    return Row(label, (good, base, say_percent(share)), share, f"{share}% of {base:,}")


def _grouped(key: str, title: str, first: str, groups: Mapping[str, Group], definition: str) -> Figure:
    names = list(groups)
    people = [groups[name].people for name in names]
    telling = [is_small(group.good) or is_small(group.other) for group in map(groups.__getitem__, names)]
    cells = hide(people, telling)
    return Figure(
        key=key,
        title=title,
        definition=f"{definition} {GOOD}",
        columns=(first, "People who answered", "Good answers, of all their answers"),
        rows=[_group_row(name, groups[name], cell) for name, cell in zip(names, cells, strict=True)],
        drawn="How many in a hundred answers were good",
        whole=100,
        if_any=True,
    )


def _group_row(name: str, group: Group, cell: int | None) -> Row:
    if not cell:
        return Row(name, (shown(cell), TOO_FEW if cell is None else "–"))
    share = percent(group.good, group.good + group.other)
    return Row(name, (cell, say_percent(share)), share, f"{share}% of {cell:,} people")


def _named(months: Mapping[str, Group]) -> dict[str, Group]:
    """In the order of time."""
    return {f"{date.fromisoformat(f'{month}-01'):%B %Y}": months[month] for month in sorted(months)}


def _sorted(providers: Mapping[str, Group]) -> dict[str, Group]:
    """By name: the order says nothing of who is better."""
    return {name: providers[name] for name in sorted(providers, key=str.casefold)}
