"""A young person referred by another program: the rules of the form, its sentences, and how far it is."""

from typing import Any

import pytest
from sqlalchemy import select

from hub.store.tables import IdempotentRequest, Referral
from tests.data_in.caller import Caller, audited, count
from tests.referring import PERSONAL, TYPED, YOUNG, open_door
from tests.world import World

NEW: dict[str, Any] = {
    "referrer": {
        "name": TYPED["referrer_name"],
        "role": "teacher",
        "organisation": TYPED["organisation"],
        "email": TYPED["email"],
        "phone": TYPED["referrer_phone"],
    },
    "young_person": {
        "name": TYPED["young_name"],
        "born": "2009-05-01",
        "told": "yes",
        "mobile": TYPED["young_phone"],
        "safe_to_text": "yes",
    },
    "why": ["school"],
}


def young(**changes: Any) -> dict[str, Any]:
    return {**NEW, "young_person": {**NEW["young_person"], **changes}}


@pytest.fixture
async def opened(world: World) -> None:
    async with world.hub.store.transaction() as session:
        await open_door(world, session)


@pytest.mark.usefixtures("opened")
async def test_a_referral_is_taken_asked_about_and_followed(world: World, supervision: Caller) -> None:
    made = await supervision.post("/referrals", NEW, once="r-1")
    assert made["status"] == "waiting"
    assert await supervision.post("/referrals", NEW, once="r-1") == made
    assert await count(world, Referral) == 1
    await world.settle()
    assert len(world.heard(YOUNG)) == 1
    await world.text("1", YOUNG)
    assert (await supervision.get(f"/referrals/{made['ref']}"))["status"] == "with_worker"
    assert "referral_status_read" in await audited(world)


@pytest.mark.usefixtures("opened")
async def test_it_is_taken_back(world: World, supervision: Caller) -> None:
    made = await supervision.post("/referrals", NEW)
    taken_back = await supervision.post(f"/referrals/{made['ref']}/withdraw", {}, status=200)
    assert taken_back["status"] == "closed"
    await supervision.post(f"/referrals/{made['ref']}/withdraw", {}, status=409)
    await world.settle()
    assert world.heard(YOUNG) == []


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        (young(born="2016-03-03"), "body.young_person.born", "We take nobody under 10"),
        (young(born="2008-03-02"), "body.young_person.born", "We take people under 18 only"),
        (young(born="yesterday"), "body.young_person.born", "Write the day, month and year"),
        (young(told="no"), "body.young_person.told", "Speak with them first"),
        (young(mobile="01234"), "body.young_person.mobile", "Write a UK mobile number"),
        (young(born="2011-05-01"), "body.guardian.name", "Write the name of the parent or carer"),
        ({**NEW, "why": ["burglary"]}, "body.why", "Choose at least one"),
        ({**NEW, "referrer": {}}, "body.referrer.email", "Write your e-mail"),
    ],
)
async def test_what_is_wrong_is_said_by_field_in_a_sentence(
    world: World, supervision: Caller, body: dict[str, Any], field: str, sentence: str
) -> None:
    said = await supervision.post("/referrals", body, status=422)
    found = {each["field"]: each["sentence"] for each in said["fields"]}
    assert found[field].startswith(sentence)
    assert await count(world, Referral) == 0


@pytest.mark.usefixtures("opened")
async def test_answers_and_records_hold_nothing_personal(world: World, supervision: Caller) -> None:
    made = await supervision.post("/referrals", NEW, once="r-2")
    shown = await supervision.get(f"/referrals/{made['ref']}")
    async with world.hub.store.transaction() as session:
        kept = (await session.scalars(select(IdempotentRequest.answer))).all()
        referral = (await session.scalars(select(Referral))).unique().one()
        row = " ".join(str(getattr(referral, column.key)) for column in Referral.__table__.columns)
    said = f"{made} {shown} {kept} {row}"
    assert [words for words in PERSONAL if f" {words}" in said or words.casefold() in said.casefold().split()] == []


async def test_an_agency_that_takes_none_refuses(supervision: Caller) -> None:
    said = await supervision.post("/referrals", NEW, status=409)
    assert said["code"] == "no_referrals"


@pytest.mark.usefixtures("opened")
async def test_a_key_of_the_other_side_finds_nothing(supervision: Caller, victims: Caller) -> None:
    made = await supervision.post("/referrals", NEW)
    await victims.post("/referrals", NEW, status=404)
    await victims.get(f"/referrals/{made['ref']}", status=404)
