"""The web chat, the proof page and the survey as plain pages, without JavaScript."""

import re
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from hub.store.refs import hash_token
from hub.store.tables import Answer, Escalation, Message, Person, SurveyRun
from hub.surveys import runs
from hub.words import ChannelKind, Role
from tests.web.conftest import Visitor, without_database
from tests.world import World

pytestmark = pytest.mark.slow

TOKEN = "a-chat-token-nobody-guesses"
SURVEY = "a-survey-token-nobody-guesses"


@pytest.fixture
async def chatting(world: World) -> None:
    async with world.hub.store.transaction() as session:
        await world.person(session, channel=ChannelKind.WEBCHAT, address=TOKEN)


@pytest.fixture
async def invited(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address="+447700900202")
        run = await runs.invite(world.hub, session, person, "victim_satisfaction")
        run.token_hash = hash_token(SURVEY)


def nonce_of(page: str) -> str:
    found = re.search('name="nonce" value="([^"]+)"', page)
    assert found
    return found[1]


async def test_a_message_and_its_answer_stand_on_the_page(world: World, visitor: Visitor, chatting: None) -> None:
    page = await visitor.get(f"/chat/{TOKEN}")
    sent = await visitor.post(f"/chat/{TOKEN}", text="when is my appointment", nonce=nonce_of(page.text))
    assert sent.status_code == 303
    await world.settle()
    page = await visitor.get(f"/chat/{TOKEN}")
    assert "when is my appointment" in page.text
    assert "handrail-message--in" in page.text, "the hub has answered"


async def test_a_form_sent_twice_is_one_message(world: World, visitor: Visitor, chatting: None) -> None:
    nonce = nonce_of((await visitor.get(f"/chat/{TOKEN}")).text)
    for _ in range(2):
        await visitor.post(f"/chat/{TOKEN}", text="hello", nonce=nonce)
    async with world.hub.store.transaction() as session:
        assert len((await session.scalars(select(Message))).all()) == 1


async def test_a_wrong_link_is_met_kindly_and_tells_nothing(visitor: Visitor) -> None:
    for path in ("/chat/nobody", "/proof/nobody", "/s/nobody", "/s/nobody/1"):
        page = await visitor.get(path)
        assert page.status_code == 404
        assert "This link does not work" in page.text
    assert (await visitor.post("/chat/nobody", text="hello")).status_code == 404


async def test_a_photo_of_more_than_10_mb_is_refused_with_a_sentence(
    world: World, visitor: Visitor, chatting: None
) -> None:
    large = {"photo": ("large.jpg", BytesIO(b"x" * (11 * 1024 * 1024)), "image/jpeg")}
    for path in (f"/chat/{TOKEN}", f"/proof/{TOKEN}"):
        page = await visitor.http.post(path, data={"nonce": "n"}, files=large)
        assert page.status_code == 413
        assert "Send one under 10 MB" in page.text
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Message))).all() == []


async def test_a_photo_on_the_proof_page_is_a_message_with_a_photo(
    world: World, visitor: Visitor, chatting: None
) -> None:
    kept = BytesIO()
    Image.new("RGB", (40, 40), "red").save(kept, "PNG")
    photo = {"photo": ("here.png", kept.getvalue(), "image/png")}
    await visitor.http.post(f"/proof/{TOKEN}", data={"nonce": "n"}, files=photo)
    assert "It has not been sent yet" in (await visitor.get(f"/proof/{TOKEN}/check")).text
    sent = await visitor.post(f"/proof/{TOKEN}/check")
    assert "Thank you, we have it" in (await visitor.get(sent.headers["location"])).text
    await world.settle()
    assert "(photo)" in (await visitor.get(f"/chat/{TOKEN}")).text


async def test_nothing_and_too_much_are_refused_and_kept(visitor: Visitor, chatting: None) -> None:
    assert "Write a message, or choose a photo" in (await visitor.post(f"/chat/{TOKEN}", text=" ")).text
    long = await visitor.post(f"/chat/{TOKEN}", text="a" * 10_000)
    assert long.status_code == 422
    assert "longer than 2,000 characters" in long.text
    assert "a" * 10_000 in long.text


@pytest.mark.parametrize("page", ["chat", "proof"])
async def test_without_a_database_what_was_typed_is_still_there_to_be_sent(
    world: World, visitor: Visitor, chatting: None, page: str
) -> None:
    nonce = nonce_of((await visitor.get(f"/{page}/{TOKEN}")).text)
    async with without_database(world):
        kept = await visitor.post(f"/{page}/{TOKEN}", text="running late, bus broke down", nonce=nonce)
    assert kept.status_code == 503
    assert kept.headers["retry-after"]
    assert "running late, bus broke down" in kept.text
    assert nonce_of(kept.text) == nonce, "sent again, it is still one message"
    await visitor.post(f"/{page}/{TOKEN}", text="running late, bus broke down", nonce=nonce)
    async with world.hub.store.transaction() as session:
        assert len((await session.scalars(select(Message))).all()) == 1


async def test_a_survey_is_answered_changed_and_sent(world: World, visitor: Visitor, invited: None) -> None:
    start = await visitor.get(f"/s/{SURVEY}")
    assert "Exit this page" in start.text
    assert "<title>Questions</title>" in start.text
    where = (await visitor.post(f"/s/{SURVEY}")).headers["location"]
    assert where == f"/s/{SURVEY}/1"
    assert "Reply" not in (await visitor.get(where)).text
    assert (await visitor.post(where)).status_code == 422, "an empty answer is none"
    where = (await visitor.post(where, answer="5")).headers["location"]
    while not where.endswith("/check"):
        where = (await visitor.post(where, skip="1")).headers["location"]
    check = await visitor.get(where)
    assert "Skipped" in check.text
    back = await visitor.post(f"/s/{SURVEY}/1", answer="4", change="1")
    assert back.headers["location"].endswith("/check")
    assert (await visitor.post(f"/s/{SURVEY}/check")).headers["location"].endswith("/done")
    assert "We have your answers" in (await visitor.get(f"/s/{SURVEY}/done")).text
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(Answer.code).where(Answer.question == "fair_treatment")) == "4"
        assert (await session.scalars(select(SurveyRun.state))).one() == "completed"


async def test_a_worrying_answer_reaches_a_human(world: World, visitor: Visitor, invited: None) -> None:
    where = (await visitor.post(f"/s/{SURVEY}/1", answer="1")).headers["location"]
    while not where.endswith("/check"):
        where = (await visitor.post(where, skip="1")).headers["location"]
    await visitor.post(where)
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Escalation.reason))).all() == ["survey_concern"]


async def test_the_language_is_asked_once_and_kept(world: World, visitor: Visitor, invited: None) -> None:
    await visitor.post(f"/s/{SURVEY}/language/cy")
    page = await visitor.get(f"/s/{SURVEY}")
    assert "Cwestiynau" in page.text
    assert '<html lang="cy"' in page.text
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Person.language))).all() == ["cy"]


async def test_an_old_survey_says_that_nothing_is_expected(world: World, visitor: Visitor, invited: None) -> None:
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(SurveyRun))).one().expires_at = world.clock.now()
    page = await visitor.get(f"/s/{SURVEY}")
    assert page.status_code == 410
    assert "You do not need to do anything" in page.text
