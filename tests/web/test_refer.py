"""The form by which a young person is referred: page by page, without JavaScript, as a teacher goes through it."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from hub.referrals import doors
from hub.store.tables import Referral, ReferralDraft
from tests.referring import PERSONAL, TYPED, WORD, open_door
from tests.web.conftest import Visitor
from tests.world import World

pytestmark = pytest.mark.slow

START = f"/refer/{WORD}"
BORN = {"born-day": "27", "born-month": "3", "born-year": "2011"}
PAGES: dict[str, dict[str, Any]] = {
    "you": {
        name: TYPED[name] for name in ("referrer_name", "referrer_role", "organisation", "email", "referrer_phone")
    },
    "young": {"young_name": TYPED["young_name"], **BORN, "told": "yes"},
    "reach": {name: TYPED[name] for name in ("young_phone", "young_safe", "language")},
    "guardian": {
        name: TYPED[name]
        for name in ("guardian_name", "guardian_relation", "guardian_phone", "guardian_safe", "guardian_told")
    },
    "why": {"why": ["school", "friends"], "why_words": TYPED["why_words"]},
    "good": {"good_at": TYPED["good_at"]},
    "safety": {"safety": TYPED["safety"]},
}


@pytest.fixture(autouse=True)
async def opened(world: World) -> None:
    async with world.hub.store.transaction() as session:
        await open_door(world, session)


async def begin(visitor: Visitor, world: World, language: str = "en") -> str:
    """The address of a draft."""
    page = await visitor.get(f"{START}?in={language}")
    stamp = re.search(r'name="stamp" value="([^"]+)"', page.text)
    assert stamp
    world.clock.push_to(world.clock.now() + timedelta(seconds=5))
    sent = await visitor.http.post(f"{START}?in={language}", data={"stamp": stamp[1], "website": ""})
    assert sent.status_code == 303
    return sent.headers["location"].rpartition("/")[0]


async def fill(visitor: Visitor, draft: str, **changes: dict[str, Any]) -> httpx.Response:
    """All pages, up to and with the one where something is wrong."""
    where = f"{draft}/you"
    for page, fields in PAGES.items():
        if where.rpartition("/")[2] != page:
            continue
        answer = await visitor.http.post(where, data={**fields, **changes.get(page, {})})
        if answer.status_code != 303:
            return answer
        where = answer.headers["location"]
    return await visitor.get(where)


async def send(visitor: Visitor, world: World, draft: str) -> str:
    """The address of the referrer's own page."""
    world.clock.push_to(world.clock.now() + timedelta(minutes=3))
    sent = await visitor.http.post(f"{draft}/check", data={"website": ""})
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


async def referrals(world: World) -> int:
    async with world.hub.store.transaction() as session:
        return await session.scalar(select(func.count(Referral.id))) or 0


async def test_a_teacher_refers_a_child_and_sees_how_far_it_is(world: World, visitor: Visitor) -> None:
    draft = await begin(visitor, world)
    check = await fill(visitor, draft)
    for said in ("Jo Marsh", "27 3 2011", "Kim Marsh", "Often late since the summer.", "Yes, they know"):
        assert said in check.text
    status = await send(visitor, world, draft)
    page = await visitor.get(status)
    assert "Your reference is" in page.text
    assert "Received" in page.text
    assert (await visitor.get(f"{draft}/check")).status_code == 404, "what was typed is gone"
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(ReferralDraft)) == 0
    address = status.split("?")[0]
    taken_back = await visitor.http.post(f"{address}/withdraw", follow_redirects=True)
    assert "You have taken it back" in taken_back.text
    assert "Closed" in taken_back.text
    assert "/withdraw" not in taken_back.text


async def test_nothing_personal_stands_in_a_title_an_address_or_the_status(world: World, visitor: Visitor) -> None:
    draft = await begin(visitor, world)
    seen = [await visitor.get(f"{draft}/{page}") for page in PAGES]
    seen.append(await fill(visitor, draft))
    status = await visitor.get(await send(visitor, world, draft))
    seen.append(status)
    for page in seen:
        title = re.search(r"<title>(.*?)</title>", page.text, re.DOTALL)
        assert title
        said = f"{title[1]} {page.request.url}"
        assert [words for words in PERSONAL if re.search(rf"\b{re.escape(words)}\b", said)] == []
    assert [words for words in PERSONAL if re.search(rf"\b{re.escape(words)}\b", status.text)] == []


async def test_nothing_personal_stands_in_a_line_of_the_log(
    world: World, visitor: Visitor, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="handrail")
    draft = await begin(visitor, world)
    await fill(visitor, draft)
    await visitor.get(await send(visitor, world, draft))
    await visitor.get(f"{draft}/nothing")
    said = "".join(capfd.readouterr()) + caplog.text
    assert [words for words in PERSONAL if re.search(rf"\b{re.escape(words)}\b", said)] == []


async def test_at_16_nobody_else_is_asked_about(world: World, visitor: Visitor) -> None:
    draft = await begin(visitor, world)
    check = await fill(visitor, draft, young={"born-year": "2009"})
    assert check.url.path.endswith("/check")
    assert "parent or carer" not in check.text


async def test_a_change_leads_back_and_asks_for_what_it_made_necessary(world: World, visitor: Visitor) -> None:
    draft = await begin(visitor, world)
    await fill(visitor, draft, young={"born-year": "2009"})
    page = await visitor.get(f"{draft}/good?change=true")
    assert TYPED["good_at"] in page.text
    back = await visitor.http.post(f"{draft}/good", data={"good_at": "Singing", "change": "1"})
    assert back.headers["location"] == f"{draft}/check"
    younger = await visitor.http.post(f"{draft}/young", data={**PAGES["young"], "change": "1"})
    assert younger.headers["location"] == f"{draft}/guardian"


async def test_a_child_under_ten_is_not_taken_and_nothing_is_kept(world: World, visitor: Visitor) -> None:
    draft = await begin(visitor, world)
    page = await fill(visitor, draft, young={"born-year": "2017"})
    assert "early help" in page.text
    assert "0808 800 5000" in page.text
    assert (await visitor.get(f"{draft}/you")).status_code == 404
    assert await referrals(world) == 0


@pytest.mark.parametrize(
    ("page", "fields", "said"),
    [
        ("you", {"email": "ada"}, "Write your e-mail at work"),
        ("young", {"told": "no"}, "Speak with them first"),
        ("young", {"told": ""}, "Choose whether you have told them"),
        ("young", {"born-day": "31", "born-month": "2"}, "Write the day, month and year of birth"),
        ("young", {"born-year": "2000"}, "We take people under 18 only"),
        ("reach", {"young_phone": ""}, "Write their mobile number, or choose"),
        ("reach", {"young_phone": "01332 123456"}, "Write a UK mobile number"),
        ("guardian", {"guardian_told": "no"}, "Speak with the parent or carer first"),
        ("why", {"why": []}, "Choose at least one"),
        ("good", {"good_at": "x" * 301}, "300 characters at most"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    world: World, visitor: Visitor, page: str, fields: dict[str, Any], said: str
) -> None:
    answer = await fill(visitor, await begin(visitor, world), **{page: fields})
    assert answer.status_code == 422
    assert answer.text.count(said) == 2, "in the summary and beside the field"
    assert "<title>Error: " in answer.text


async def test_in_welsh(world: World, visitor: Visitor) -> None:
    draft = await begin(visitor, world, "cy")
    check = await fill(visitor, draft)
    assert "Gwiriwch yr hyn a ysgrifennoch" in check.text
    assert 'lang="cy"' in check.text
    switched = await visitor.http.post(f"{draft}/language/en", data={"place": "/check"}, follow_redirects=True)
    assert "Check what you have written" in switched.text
    assert "Jo Marsh" in switched.text


async def test_machines_are_kept_out(world: World, visitor: Visitor) -> None:
    stamp = re.search(r'name="stamp" value="([^"]+)"', (await visitor.get(START)).text)
    assert stamp
    too_soon = await visitor.http.post(START, data={"stamp": stamp[1]})
    assert "Press “Start now” once more" in too_soon.text
    world.clock.push_to(world.clock.now() + timedelta(seconds=5))
    for fields in ({"stamp": stamp[1], "website": "x"}, {"stamp": "1-x"}, {}):
        assert (await visitor.http.post(START, data=fields)).status_code == 422
    draft = await begin(visitor, world)
    await fill(visitor, draft)
    quick = await visitor.http.post(f"{draft}/check", data={})
    assert quick.status_code == 422
    world.clock.push_to(world.clock.now() + timedelta(minutes=1))
    assert (await visitor.http.post(f"{draft}/check", data={"website": "x"})).status_code == 422
    assert await referrals(world) == 0


async def test_from_one_address_so_many_a_day(world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "FROM_ONE_ADDRESS", 1)
    first, second = await begin(visitor, world), await begin(visitor, world)
    await fill(visitor, first)
    await fill(visitor, second)
    await send(visitor, world, first)
    full = await visitor.http.post(f"{second}/check", data={})
    assert full.status_code == 429
    assert "0300 000 0000" in full.text
    world.clock.push_to(world.clock.now() + timedelta(minutes=1))
    assert await referrals(world) == 1


async def test_a_draft_ends_after_two_hours(world: World, visitor: Visitor) -> None:
    draft = await begin(visitor, world)
    world.clock.push_to(world.clock.now() + timedelta(hours=2))
    assert (await visitor.get(f"{draft}/you")).status_code == 404


async def test_where_no_form_is_open_there_is_none(world: World, visitor: Visitor) -> None:
    async with world.hub.store.transaction() as session:
        await open_door(world, session, is_open=False)
    for path in (START, "/refer/another", "/refer/status/nothing", "/refer/answer/nothing"):
        assert (await visitor.get(path)).status_code == 404
