"""Surveys for staff: what is asked, trying it, publishing and stopping it, and results that betray nobody."""

import csv
import io
import re

import pytest
from sqlalchemy import func, select

from hub.errors import SurveyStopped
from hub.store.tables import Answer, AuditEvent, Person, SurveyRun
from hub.surveys import runs
from hub.words import Role, Side, WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.web.months import said, somebody
from tests.world import World

pytestmark = pytest.mark.slow

FEEDBACK, VICTIMS = "/surveys/session_feedback", "/surveys/victim_satisfaction"


async def answers_of(world: World, marks: list[str], *, words: int = 0) -> None:
    """As many people as marks; the first `words` of them wrote something too."""
    async with world.hub.store.transaction() as session:
        for number, mark in enumerate(marks):
            person, _ = await somebody(world, session, 100 + number)
            own = f"More time please, {number}" if number < words else ""
            await said(world, session, person, {"useful": mark}, words=own)


async def numbers(visitor: Visitor, figure: str) -> dict[str, str]:
    """Answer → people, of one figure of the file."""
    answer = await visitor.get(f"{FEEDBACK}/results.csv")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))[1:]
    return {row[1]: row[2] for row in rows if row[0] == figure}


async def test_each_side_sees_its_own_surveys_alone(enter: Enter) -> None:
    priya, ann = await enter(), await enter(Side.VICTIMS)
    assert FEEDBACK in (await priya.get("/surveys")).text
    assert VICTIMS not in (await priya.get("/surveys")).text
    assert (await priya.get(VICTIMS)).status_code == 404
    assert (await priya.get(f"{VICTIMS}/results")).status_code == 404
    assert (await ann.get(VICTIMS)).status_code == 200


async def test_a_survey_shows_its_questions_as_texts_with_branches_in_words(enter: Enter) -> None:
    priya = await enter()
    page = (await priya.get(FEEDBACK)).text
    assert "How useful was the session? Reply from 1" in page
    assert "After “1”: question 3. After “2”: question 3. After any other answer: question 2." in page
    assert "A human sees it when the answer is 1 or less." in page
    assert re.search(r"1 text, 1[12]\d characters", page)
    welsh = (await priya.get(f"{FEEDBACK}?language=cy")).text
    assert "Pa mor ddefnyddiol" in welsh
    assert (await priya.get(f"{FEEDBACK}?language=xx")).status_code == 404


async def test_the_preview_follows_the_branches_and_keeps_nothing(world: World, enter: Enter) -> None:
    priya = await enter()
    first = await priya.get(f"{FEEDBACK}/preview/1")
    assert "Nothing that you choose or write is kept." in first.text
    branch = await priya.get(f"{FEEDBACK}/preview/1/next?answer=1&language=en")
    assert branch.headers["location"] == f"{FEEDBACK}/preview/3?language=en"
    plain = await priya.get(f"{FEEDBACK}/preview/1/next?answer=5&language=cy")
    assert plain.headers["location"] == f"{FEEDBACK}/preview/2?language=cy"
    end = await priya.get(f"{FEEDBACK}/preview/4/next")
    assert "This is the end of the preview" in (await priya.get(end.headers["location"])).text
    assert (await priya.get(f"{FEEDBACK}/preview/9")).status_code == 404
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(SurveyRun)) == 0
        assert await session.scalar(select(func.count()).select_from(Answer)) == 0


async def test_a_stopped_survey_is_neither_offered_nor_sent_until_it_is_published(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session)
        await runs.invite(world.hub, session, sam, "session_feedback")
    tom = await enter(role=WorkerRole.SUPERVISOR, name="Tom Field")
    check = (await tom.get(f"{FEEDBACK}/stop")).text
    assert "1 person has been invited and not begun" in check
    assert (await tom.post(f"{FEEDBACK}/stop")).status_code == 303
    await world.push(minutes=5)
    assert world.heard() == []
    async with world.hub.store.transaction() as session:
        bea, _ = await world.person(session, name="Bea Moss", address="+447700900102")
        with pytest.raises(SurveyStopped):
            await runs.invite(world.hub, session, bea, "session_feedback")
    assert "Stopped" in (await tom.get("/surveys")).text
    assert "Fine" in (await tom.get(f"{FEEDBACK}/publish")).text
    await tom.post(f"{FEEDBACK}/publish")
    async with world.hub.store.transaction() as session:
        bea = (await session.scalars(select(Person).order_by(Person.id.desc()))).first() or bea
        await runs.invite(world.hub, session, bea, "session_feedback")
        done = set(await session.scalars(select(AuditEvent.what)))
    await world.push(minutes=5)
    assert "short questions for you" in world.heard("+447700900102")[-1]
    assert {"survey_stopped", "survey_published"} <= done


async def test_only_a_supervisor_publishes_and_stops(enter: Enter) -> None:
    priya = await enter()
    for what in ("stop", "publish"):
        assert (await priya.get(f"{FEEDBACK}/{what}")).status_code == 403
        assert (await priya.post(f"{FEEDBACK}/{what}")).status_code == 403
        assert f'href="{FEEDBACK}/{what}"' not in (await priya.get(FEEDBACK)).text


async def test_results_count_every_answer_and_give_an_average(world: World, enter: Enter) -> None:
    await answers_of(world, ["5"] * 6 + ["4"] * 5 + ["2"] * 7)
    priya = await enter()
    assert await numbers(priya, "How useful was the session?") == {
        "1": "0", "2": "7", "3": "0", "4": "5", "5": "6", "Answered in all": "18",
    }  # fmt: skip
    page = (await priya.get(f"{FEEDBACK}/results")).text
    assert "Average: 3.6, of 18 people." in page
    assert "<strong>100%</strong> of those invited completed it" in page


async def test_few_who_gave_a_mark_are_shown_in_a_group_without_an_average(world: World, enter: Enter) -> None:
    await answers_of(world, ["5"] * 6 + ["4"] * 2 + ["1"] * 6)
    priya = await enter()
    shown = await numbers(priya, "How useful was the session?")
    assert shown == {"1 to 3": "6", "4 or 5": "8", "Answered in all": "14"}
    assert "Average" not in (await priya.get(f"{FEEDBACK}/results")).text


async def test_with_a_small_number_the_next_is_hidden_too(world: World, enter: Enter) -> None:
    await answers_of(world, ["5"] * 9 + ["1"] * 3)
    priya = await enter()
    shown = await numbers(priya, "How useful was the session?")
    assert shown == {"1 to 3": "Too few to show", "4 or 5": "Too few to show", "Answered in all": "12"}


async def test_own_words_are_for_the_team_and_never_of_fewer_than_five(world: World, enter: Enter) -> None:
    await answers_of(world, ["5"] * 7, words=4)
    priya = await enter()
    page = (await priya.get(f"{FEEDBACK}/results")).text
    assert "More time please" not in page
    assert "fewer than 5 people wrote something" in page
    async with world.hub.store.transaction() as session:
        person, _ = await somebody(world, session, 150)
        await said(world, session, person, {}, words="I liked it")
    page = (await priya.get(f"{FEEDBACK}/results")).text
    assert "I liked it" in page
    assert page.count("More time please") == 4
    assert "Person" not in page.split("In their own words")[1]
    async with world.hub.store.transaction() as session:
        seen = (await session.scalars(select(AuditEvent).where(AuditEvent.what == "survey_words_viewed"))).all()
    assert len({event.person_id for event in seen}) == 5
    analyst = await enter(role=WorkerRole.ANALYST, name="Kit Moor")
    page = (await analyst.get(f"{FEEDBACK}/results")).text
    assert "How useful was the session?" in page
    assert "I liked it" not in page
    assert "In their own words" not in page


async def test_a_colleague_does_not_read_the_words_of_anothers_people(world: World, enter: Enter) -> None:
    await answers_of(world, ["5"] * 6, words=6)
    tom = await enter(name="Tom Field")
    assert "More time please" not in (await tom.get(f"{FEEDBACK}/results")).text


async def test_words_that_begin_like_a_formula_do_no_harm(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await somebody(world, session, 101, role=Role.SUPERVISED)
        await said(world, session, person, {"useful": "5"})
    text = (await (await enter()).get(f"{FEEDBACK}/results.csv")).text
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in csv.reader(io.StringIO(text)) for cell in row)


async def test_an_empty_survey_says_so(enter: Enter) -> None:
    page = (await (await enter()).get(f"{FEEDBACK}/results")).text
    assert "Nobody was invited" in page
    assert "There is nothing to count in this period yet." in page


@pytest.mark.parametrize("role", [WorkerRole.PROVIDER, WorkerRole.ADMINISTRATOR])
async def test_others_see_no_surveys(enter: Enter, role: WorkerRole) -> None:
    somebody = await enter(role=role, name="Kit Moor")
    for path in ("/surveys", FEEDBACK, f"{FEEDBACK}/results", f"{FEEDBACK}/results.csv", f"{FEEDBACK}/preview/1"):
        assert (await somebody.get(path)).status_code == 403
