"""Pages for people outside: leaving quickly, saying nothing, the wrong person, a photo that is seen first, two tabs."""

import asyncio
import re

import httpx
import pytest
from sqlalchemy import select

from hub.states import SurveyState
from hub.store.tables import Answer, ContactPoint, Escalation, Person, SurveyRun
from hub.surveys import runs
from hub.surveys.definition import read_surveys
from hub.words import ChannelKind, Role, Side
from tests.web.conftest import Visitor, without_database
from tests.web.respondents import CHAT, VERA, Led, leads, photo
from tests.world import LINES, ROOT, World

pytestmark = pytest.mark.slow

TELLING = re.compile(
    r"police|heddlu|crime|criminal|trosedd|court|llys|victim|dioddef|offen[cd]|abuse|camdrin|assault|survey|arolwg"
    r"|probation|prawf|caution|justice|cyfiawnder|suspect|witness|tyst|prison|carchar|case|refuge|violen|burglar",
    re.IGNORECASE,
)
SAID_BY_ADDRESSES = re.compile(r'(?:href|src|action|formaction|hx-\w+|sse-connect|name|content)="([^"]*)"')


@pytest.fixture
async def victim(world: World) -> Led:
    return await leads(world, Role.VICTIM, "Vera Lind", VERA)


@pytest.fixture
async def sam(world: World) -> Led:
    return await leads(world, Role.SUPERVISED, "Sam Carter", "+447700900101")


async def pages_of(visitor: Visitor, led: Led) -> dict[str, httpx.Response]:
    """Every page that somebody can open or be answered with, by what it is."""
    every = {
        "leave": await visitor.get(led.survey),
        "start": await visitor.get(f"{led.survey}/start"),
        "question": await visitor.get(f"{led.survey}/1"),
        "error": await visitor.post(f"{led.survey}/1"),
        "not me": await visitor.get(f"{led.survey}/not-me"),
        "chat": await visitor.get(led.chat),
        "chat error": await visitor.post(led.chat),
        "proof": await visitor.get(led.proof),
        "proof error": await visitor.post(led.proof),
        "settings": await visitor.get(led.me),
        "code": await visitor.get(f"{led.me}/data"),
        "code error": await visitor.post(f"{led.me}/data", code="1"),
        "asked": await visitor.post(f"{led.me}/ask/copy"),
        "no such page": await visitor.get(f"{led.me}/nothing"),
        "wrong link": await visitor.get("/s/nobody"),
        "privacy": await visitor.get("/about/privacy"),
        "accessibility": await visitor.get("/about/accessibility"),
    }
    for what in ("language", "name", "hours", "way", "private", "texts"):
        every[what] = await visitor.get(f"{led.me}/{what}")
    await visitor.http.post(led.proof, data={"nonce": "n"}, files=photo())
    every["proof check"] = await visitor.get(f"{led.proof}/check")
    every["proof sent"] = await visitor.get(f"{led.proof}/sent")
    where = f"{led.survey}/1"
    while not where.endswith("/check"):
        where = (await visitor.post(where, skip="1")).headers["location"]
        every[where.rpartition("/")[2]] = await visitor.get(where)
    await visitor.post(where)
    every["done"] = await visitor.get(f"{led.survey}/done")
    return every


@pytest.mark.parametrize("language", ["en", "cy"])
async def test_no_title_address_or_name_on_the_victims_side_tells_what_the_pages_are_about(
    world: World, visitor: Visitor, victim: Led, language: str
) -> None:
    await visitor.post(f"{victim.survey}/language/{language}", place="")
    every = await pages_of(visitor, victim)
    assert len(every) > 30
    for what, answer in every.items():
        html = answer.text
        title = re.search("<title>(.*?)</title>", html)
        assert title, what
        for secret in victim.secrets:  # what is random is no word
            html = html.replace(secret, "")
        told = [title[1], *SAID_BY_ADDRESSES.findall(html), *re.findall("<!--.*?-->", html, re.DOTALL)]
        told += [*re.findall(r'id="([^"]+)"', html), answer.headers.get("content-disposition", "")]
        told += [part for part in answer.url.path.split("/") if part not in victim.secrets]
        assert [text for text in told if TELLING.search(text)] == [], what
        assert "Handrail" not in title[1], what
        assert "Vera" not in title[1], what


async def test_every_page_on_the_victims_side_can_be_left_at_once_and_nothing_is_kept(
    visitor: Visitor, victim: Led
) -> None:
    for what, answer in (await pages_of(visitor, victim)).items():
        assert answer.headers["cache-control"] == "no-store", what
        assert answer.headers["referrer-policy"] == "no-referrer", what
        assert "set-cookie" not in answer.headers, what
        assert 'class="govuk-button govuk-button--warning govuk-exit-this-page__button' in answer.text, what
        assert 'href="https://www.bbc.co.uk/weather"' in answer.text, what


async def test_on_the_other_side_nobody_is_told_to_leave_quickly(visitor: Visitor, sam: Led) -> None:
    for path in (sam.survey, f"{sam.survey}/1", sam.chat, sam.proof, sam.me):
        assert "govuk-exit-this-page" not in (await visitor.get(path)).text, path
    assert "Why we ask" in (await visitor.get(sam.survey)).text, "the start page comes first"


async def test_each_page_is_in_the_language_of_its_reader_and_can_be_changed(visitor: Visitor, victim: Led) -> None:
    await visitor.post(f"{victim.survey}/1", answer="4")
    back = await visitor.post(f"{victim.survey}/language/cy", place="/2")
    assert back.headers["location"] == f"{victim.survey}/2"
    for path in (f"{victim.survey}/2", victim.chat, victim.proof, victim.me):
        page = await visitor.get(path)
        assert '<html lang="cy"' in page.text, path
        assert "Gadael y dudalen hon" in page.text, path
        assert '<button class="handrail-link-button handrail-link-button--light" lang="en">English' in page.text, path
    for link in (victim.chat, victim.proof, victim.me, victim.survey):
        away = await visitor.post(f"{link}/language/en", place="//evil.example/")
        assert away.headers["location"] == link


async def test_a_page_without_a_reader_is_in_the_browsers_language(visitor: Visitor) -> None:
    visitor.http.headers["accept-language"] = "cy-GB,en;q=0.5"
    assert "Nid yw" in (await visitor.get("/s/nobody")).text
    assert "This link does not work" in (await visitor.get("/s/nobody?in=en")).text
    assert "Preifatrwydd" in (await visitor.get("/about/privacy")).text


async def test_whoever_speaks_a_language_without_a_file_reads_english_that_says_so(
    world: World, visitor: Visitor, sam: Led
) -> None:
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(Person))).one().language = "pl"
    assert '<html lang="en"' in (await visitor.get(sam.chat)).text


async def test_all_kinds_of_question_are_asked_refused_kept_and_read_back(
    world: World, visitor: Visitor, sam: Led, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_every_kind = read_surveys(ROOT / "tests" / "web" / "surveys")["every_kind"]
    monkeypatch.setitem(world.hub.flows.surveys, "session_feedback", of_every_kind)
    steps: list[tuple[dict[str, object], str, dict[str, object], str]] = [
        ({"answer": "9"}, "Choose or enter an answer", {"answer": "4"}, "4"),
        ({}, "Choose or enter an answer", {"answer": "yes"}, "Yes"),
        ({"answer": "x"}, "Choose or enter an answer", {"answer": "prefer_not_to_say"}, "Prefer not to say"),
        ({"answer": "many"}, "Enter a number, such as 3, or", {"answer": "12"}, "12"),
        ({"day": "31", "month": "2", "year": "2026"}, "Enter a day, month and year", {}, ""),
        ({"answer": " "}, "Write something", {"answer": "Fine, <b>thanks</b>"}, "Fine, &lt;b&gt;thanks&lt;/b&gt;"),
    ]
    for number, (wrong, sentence, right, _) in enumerate(steps, 1):
        where = f"{sam.survey}/{number}"
        refused = await visitor.post(where, **wrong)
        assert refused.status_code == 422, where
        assert refused.text.count(sentence) == 2, where
        assert "<title>Error: " in refused.text
        assert all(f'value="{text}"' in refused.text for name, text in wrong.items() if name != "answer")
        right = right or {"day": "5", "month": "1", "year": "2026"}
        assert (await visitor.post(where, **right)).status_code == 303, where
    check = (await visitor.get(f"{sam.survey}/check")).text
    for _, _, _, shown in steps:
        assert shown in check
    assert "5 1 2026" in check
    assert 'Change<span class="govuk-visually-hidden"> How many?</span>' in check


async def test_an_answer_that_leads_another_way_takes_the_other_questions_away_kindly(
    visitor: Visitor, victim: Led
) -> None:
    await visitor.post(f"{victim.survey}/1", answer="4")
    assert (await visitor.post(f"{victim.survey}/2", answer="no")).headers["location"].endswith("/3")
    changed = await visitor.post(f"{victim.survey}/2", answer="yes", change="1")
    assert changed.headers["location"].endswith("/4")
    back = await visitor.get(f"{victim.survey}/3")
    assert back.headers["location"] == f"{victim.survey}/4", "Back leads to a question that is no longer asked"
    late = await visitor.post(f"{victim.survey}/3", answer="call")
    assert late.headers["location"] == f"{victim.survey}/4"
    assert "call" not in (await visitor.get(f"{victim.survey}/check")).text.lower().split("<dl")[1].split("</dl")[0]


async def test_two_tabs_and_a_double_press_are_one_answer_and_one_sending(
    world: World, visitor: Visitor, victim: Led
) -> None:
    both = await asyncio.gather(*(visitor.post(f"{victim.survey}/1", answer=str(n)) for n in (3, 4)))
    assert {answer.status_code for answer in both} == {303}
    where = f"{victim.survey}/2"
    while not where.endswith("/check"):
        where = (await visitor.post(where, skip="1")).headers["location"]
    sent = await asyncio.gather(*(visitor.post(where) for _ in range(3)))
    assert {answer.headers["location"] for answer in sent} == {f"{victim.survey}/done"}
    late = await visitor.post(f"{victim.survey}/1", answer="1")
    assert late.headers["location"] == victim.survey, "what was sent is not changed from an old tab"
    async with world.hub.store.transaction() as session:
        codes = (await session.scalars(select(Answer.code).where(Answer.question == "fair_treatment"))).all()
        assert len(codes) == 1
        assert codes[0] in {"3", "4"}


async def test_two_runs_in_two_tabs_do_not_mix(world: World, visitor: Visitor, victim: Led) -> None:
    other = await leads(world, Role.VICTIM, "Wren Hall", "+447700900203", chat="another-token-of-somebody")
    await visitor.post(f"{victim.survey}/1", answer="5")
    await visitor.post(f"{other.survey}/1", answer="1")
    async with world.hub.store.transaction() as session:
        found = await session.execute(select(SurveyRun.person_id, Answer.code).join(Answer).order_by(SurveyRun.id))
        assert [code for _, code in found] == ["5", "1"]
    assert "checked" in (await visitor.get(f"{victim.survey}/1")).text.split('value="5"')[1][:12]


async def test_words_of_danger_reach_a_human_and_the_next_page_says_whom_to_call(
    world: World, visitor: Visitor, victim: Led
) -> None:
    where = f"{victim.survey}/1"
    while 'id="answer" name="answer" rows' not in (await visitor.get(where)).text:
        where = (await visitor.post(where, skip="1")).headers["location"]
    after = await visitor.post(where, answer="I want to kill myself")
    assert after.headers["location"].endswith("?call=now")
    page = (await visitor.get(after.headers["location"])).text
    assert "this is not a way to get help at once" in page
    assert "999" in page
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Escalation.reason))).all() == ["crisis_self"]


async def test_what_is_begun_in_the_chat_goes_on_on_plain_pages_and_nothing_is_lost(
    world: World, visitor: Visitor
) -> None:
    vera = await leads(world, Role.VICTIM, "Vera Lind", CHAT, channel=ChannelKind.WEBCHAT)
    line = LINES[Side.VICTIMS, ChannelKind.WEBCHAT]
    await world.text("1", CHAT, line)
    await world.text("4", CHAT, line)
    page = await visitor.get(vera.chat)
    link = re.search(r'href="(/s/[^"]+)">Use plain pages', page.text)
    assert link
    assert link[1] == vera.survey
    assert (await visitor.post(link[1])).headers["location"].endswith("/2"), "the first answer was given in the chat"
    await visitor.post(f"{link[1]}/2", answer="yes")
    await world.text("2", CHAT, line)
    assert "Reply MORE to go on here" in world.heard(CHAT)[-1], "it is not asked in both places"
    async with world.hub.store.transaction() as session:
        given = dict((await session.execute(select(Answer.question, Answer.code))).all())
    assert given == {"fair_treatment": "4", "kept_informed": "yes"}
    await world.text("more", CHAT, line)
    assert "makes life harder" in world.heard(CHAT)[-1], "and back again"


@pytest.mark.parametrize("kind", ["survey", "chat", "me"])
async def test_somebody_else_says_so_on_any_link_and_is_left_in_peace(
    world: World, visitor: Visitor, sam: Led, kind: str
) -> None:
    link: str = getattr(sam, kind)
    start = await visitor.get(link)
    assert f'href="{link}/not-me">I am not the person' in start.text
    asked = await visitor.get(f"{link}/not-me")
    assert "Sam" not in asked.text
    done = await visitor.post(f"{link}/not-me")
    assert "We will not write to you again" in done.text
    assert (await visitor.get(link)).status_code == 404, "nothing more can be read with it"
    assert (await visitor.post(f"{link}/not-me")).status_code == 404
    async with world.hub.store.transaction() as session:
        assert "wrong_person" in (await session.scalars(select(Escalation.reason))).all()
        assert any((await session.scalars(select(ContactPoint.stopped_at))).all())


async def test_a_survey_that_was_declined_says_so_kindly(world: World, visitor: Visitor, sam: Led) -> None:
    async with world.hub.store.transaction() as session:
        run = (await session.scalars(select(SurveyRun))).one()
        await runs.set_state(world.hub, session, run, SurveyState.DECLINED)
    page = await visitor.get(sam.survey)
    assert page.status_code == 410
    assert "You said no to them, and that is fine" in page.text
    assert "0300 000 0000" in page.text


async def test_without_a_database_a_photo_page_says_try_again(world: World, visitor: Visitor, sam: Led) -> None:
    async with without_database(world):
        page = await visitor.http.post(sam.proof, data={"nonce": "n"}, files=photo())
        opened = await visitor.get(sam.survey)
    assert page.status_code == 503
    assert "choose the photo again" in page.text
    assert opened.status_code == 503
    assert "Sorry, something went wrong" in opened.text
    assert "Sign in" not in opened.text, "their own frame, not the workers'"
