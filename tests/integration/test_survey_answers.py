"""One run wherever somebody answers: by text, in an app, on a page. Nothing is lost, and nothing counts twice."""

import asyncio
import random

import pytest
from sqlalchemy import func, select

from hub.people import add_contact
from hub.store.tables import Answer, AuditEvent, EarlierAnswer, Escalation, Person, SurveyRun
from hub.surveys import answers, on_pages, runs
from hub.words import ChannelKind, Role, Side
from tests.world import LINES, World

SURVEY = "victim_satisfaction"
VERA, APP = "+447700900202", "900202"
SMS_LINE, APP_LINE = LINES[Side.VICTIMS, ChannelKind.SMS], LINES[Side.VICTIMS, ChannelKind.TELEGRAM]
SEEDS = (0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 12)))


async def begun(world: World) -> int:
    """Vera has a phone and an app, and has said yes by text. The id of the run."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=VERA)
        known = {"preferred": False, "discreet": False, "safe_by": f"phone:{world.workers[Side.VICTIMS]}"}
        await add_contact(world.hub, session, person, ChannelKind.TELEGRAM, APP, **known)
        run = await runs.invite(world.hub, session, person, SURVEY)
    await world.push(minutes=5)
    await world.text("1", VERA, SMS_LINE)
    return run.id


async def on_page(world: World, run_id: int, question: str, said: str) -> bool:
    async with world.hub.store.transaction() as session:
        run = await session.get_one(SurveyRun, run_id)
        found = await runs.run_of_token(session, runs._token(world.hub, run), lock=True)
        assert found
        return await on_pages.take(world.hub, session, found, question, said)


async def open_question(world: World, run_id: int) -> str:
    async with world.hub.store.transaction() as session:
        where = await runs.progress(world.hub, session, await session.get_one(SurveyRun, run_id))
    return where.question.id if where.question else ""


async def given(world: World, run_id: int) -> dict[str, str | None]:
    async with world.hub.store.transaction() as session:
        found = await answers.answers_of(session, await session.get_one(SurveyRun, run_id))
    return {name: each.code for name, each in found.items()}


async def count(world: World, table: type[Answer] | type[EarlierAnswer]) -> int:
    async with world.hub.store.transaction() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_way_somebody_takes_no_answer_is_lost(world: World, seed: int) -> None:
    """Each answer that was taken counts, or stands beside with what became of it; there is one run."""
    chance, run_id, taken = random.Random(seed), await begun(world), 0  # no secret
    for _ in range(12):
        question = await open_question(world, run_id)
        if not question:
            break
        way = chance.choice(["text", "app", "page", "change", "page"])
        before, kept = await given(world, run_id), await count(world, EarlierAnswer)
        said = chance.choice(["1", "2"])
        if way == "page":
            asked = chance.choice([question, *before])
            said = "fine" if asked == "own_words" else said
            await on_page(world, run_id, asked, said)
        elif way == "change":
            await world.text("more", VERA, SMS_LINE)
            await world.text("change", VERA, SMS_LINE)
        else:
            address, line = (VERA, SMS_LINE) if way == "text" else (APP, APP_LINE)
            await world.text("more", address, line)
            await world.text(said if question != "own_words" else "skip", address, line)
        after = await given(world, run_id)
        gone = [name for name, code in before.items() if after.get(name, "gone") != code]
        assert await count(world, EarlierAnswer) - kept == len(gone), "what is counted no more stands beside"
        taken += len([name for name, code in after.items() if name not in before or before[name] != code])
    assert await count(world, Answer) + await count(world, EarlierAnswer) == taken
    async with world.hub.store.transaction() as session:
        assert len((await session.scalars(select(SurveyRun))).all()) == 1


async def test_an_answer_says_when_and_where_it_was_given_and_the_old_one_too(world: World) -> None:
    run_id = await begun(world)
    await world.text("2", VERA, SMS_LINE)
    world.clock.push_to(world.clock.now() + (later := runs.STAYS_OPEN / 14))
    await on_page(world, run_id, "fair_treatment", "5")
    async with world.hub.store.transaction() as session:
        now = (await session.scalars(select(Answer))).one()
        before = (await session.scalars(select(EarlierAnswer))).one()
        audited = (await session.scalars(select(AuditEvent).where(AuditEvent.what == "survey_answer_changed"))).one()
    assert (now.code, now.given_on, before.code, before.given_on) == ("5", "page", "2", "sms")
    assert before.replaced_at - before.answered_at == later
    assert audited.details == {"question": "fair_treatment", "how": "changed"}


async def test_words_that_were_changed_stay_sealed(world: World) -> None:
    run_id = await begun(world)
    for words in ("Nobody called me back", "It was all right"):
        async with world.hub.store.transaction() as session:
            run = await session.get_one(SurveyRun, run_id)
            await answers.answer(world.hub, session, run, "own_words", words)
    async with world.hub.store.transaction() as session:
        before = (await session.scalars(select(EarlierAnswer))).one()
        person = (await session.scalars(select(Person))).one()
    assert b"Nobody" not in (before.words_sealed or b"")
    key = world.hub.vault.open_person_key(person.wrapped_key or b"")
    assert key.open(before.words_sealed or b"", "answer") == "Nobody called me back"


async def test_the_same_answer_again_changes_nothing(world: World) -> None:
    run_id = await begun(world)
    for _ in range(2):
        await on_page(world, run_id, "fair_treatment", "4")
        await on_page(world, run_id, "own_words", "Fine")
    assert (await count(world, Answer), await count(world, EarlierAnswer)) == (2, 0)


@pytest.mark.parametrize("seed", range(4))
async def test_a_page_and_a_text_at_the_same_moment_are_both_kept_and_neither_waits_for_ever(
    world: World, seed: int
) -> None:
    run_id = await begun(world)
    for number in range(4):
        text = world.text(str(1 + (number + seed) % 2), VERA, SMS_LINE)
        page = on_page(world, run_id, "fair_treatment", str(1 + number))
        await asyncio.wait_for(asyncio.gather(*([text, page] if seed % 2 else [page, text])), 20)
        await world.text("more", VERA, SMS_LINE)
    async with world.hub.store.transaction() as session:
        reasons = set(await session.scalars(select(Escalation.reason)))
        twice = await session.execute(select(Answer.question).group_by(Answer.question).having(func.count() > 1))
    assert "not_handled" not in reasons
    assert not twice.all()
