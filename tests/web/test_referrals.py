"""The worker's pages of referrals: who waits first, what may be done at which age, and who may not even look."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.states_of_support import ReferralState
from hub.store.tables import Case, Person, Referral
from hub.words import Side, WorkerRole
from tests.referring import GUARDIAN, YOUNG, aged, open_door, refer
from tests.web.conftest import Enter, Visitor
from tests.world import World

pytestmark = pytest.mark.slow


async def referred(world: World, **changes: str) -> str:
    async with world.hub.store.transaction() as session:
        return (await refer(world, session, **changes)).ref


async def state(world: World, ref: str) -> ReferralState:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Referral).where(Referral.ref == ref))).unique().one().state


async def said(worker: Visitor, ref: str, who: str, answer: str, on: str = "2026-03-02", how: str = "phone") -> int:
    fields = {"who": who, "answer": answer, "how": how, "on": on}
    return (await worker.post(f"/referrals/{ref}/said", **fields)).status_code


async def test_from_the_list_to_a_case(world: World, enter: Enter) -> None:
    ref, priya = await referred(world), await enter()
    listed = (await priya.get("/referrals")).text
    assert "Marsh, Jo" in listed
    assert "10 to 15" in listed
    assert "Due Wed 4 March" in listed
    page = (await priya.get(f"/referrals/{ref}")).text
    assert "Hi Kim, the school thinks Northshire support can help Jo." in page
    assert "Fixing" not in page.split("<title>")[1].split("</title>")[0]
    assert (await priya.post(f"/referrals/{ref}/ask")).headers["location"].endswith("done=asked")
    await world.settle()
    await world.text("1", GUARDIAN)
    await world.text("1", YOUNG)
    page = (await priya.get(f"/referrals/{ref}")).text
    assert "Everybody has agreed" in page
    assert page.count("Said yes, by text") >= 2
    assert (await priya.post(f"/referrals/{ref}/accept")).status_code == 303
    async with world.hub.store.transaction() as session:
        case = (await session.scalars(select(Case))).one()
        assert (case.kind, case.reference) == ("youth_diversion", f"YD-{ref}")
        person = await session.get_one(Person, case.person_id)
    accepted = (await priya.get(f"/referrals/{ref}?done=accepted")).text
    assert f"/people/{person.ref}" in accepted
    assert "Marsh, Jo" in (await priya.get("/referrals?view=closed")).text


async def test_whoever_is_due_first_stands_first(world: World, enter: Enter) -> None:
    first = await referred(world, young_name="Ann First")
    world.clock.push_to(world.clock.now() + timedelta(days=3))
    second = await referred(world, young_name="Bea Second", born=aged(16))
    priya = await enter()
    assert await said(priya, second, "young", "yes", on="2026-03-05") == 303
    listed = (await priya.get("/referrals")).text
    assert re.findall(r"/referrals/([A-Z0-9]{8})", listed) == [first, second]
    assert "Was due Wed 4 March" in listed


async def test_a_no_that_was_spoken_ends_it(world: World, enter: Enter) -> None:
    ref, priya = await referred(world, born=aged(16)), await enter()
    assert await said(priya, ref, "young", "no") == 303
    assert await state(world, ref) is ReferralState.REFUSED
    assert await said(priya, ref, "young", "yes") == 422
    await world.push(days=20)
    assert world.heard(YOUNG) == []


@pytest.mark.parametrize("wrong", [{"answer": ""}, {"how": "text"}, {"on": "2026-03-03"}, {"on": "2026-02-01"}])
async def test_what_cannot_have_been_said_is_refused(world: World, enter: Enter, wrong: dict[str, str]) -> None:
    ref, priya = await referred(world, born=aged(16)), await enter()
    fields = {"who": "young", "answer": "yes", "how": "phone", "on": "2026-03-02"} | wrong
    answer = await priya.post(f"/referrals/{ref}/said", **fields)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert await state(world, ref) is ReferralState.RECEIVED


async def test_under_16_a_child_who_understands_can_decide_alone_and_is_never_texted(
    world: World, enter: Enter
) -> None:
    ref, priya = await referred(world, guardian_told="risk"), await enter()
    page = (await priya.get(f"/referrals/{ref}")).text
    assert "could put them at risk" in page
    assert "Ask them by text" not in page
    assert "Give them a link" not in page
    assert (await priya.post(f"/referrals/{ref}/link")).status_code == 403
    assert (await priya.post(f"/referrals/{ref}/alone", understands="")).status_code == 422
    assert (await priya.post(f"/referrals/{ref}/alone", understands="Explained it back to me.")).status_code == 303
    page = (await priya.get(f"/referrals/{ref}")).text
    assert "Explained it back to me." in page
    assert "Ask them by text" not in page
    assert await said(priya, ref, "young", "yes", how="in_person") == 303
    assert await state(world, ref) is ReferralState.READY
    await world.push(days=10)
    assert world.heard(YOUNG) == world.heard(GUARDIAN) == []


async def test_at_17_it_is_asked_whether_others_may_know(world: World, enter: Enter) -> None:
    ref, priya = await referred(world, born=aged(17)), await enter()
    assert "decide without a parent" not in (await priya.get(f"/referrals/{ref}")).text
    await said(priya, ref, "young", "yes")
    assert (await priya.post(f"/referrals/{ref}/accept")).status_code == 422
    assert (await priya.post(f"/referrals/{ref}/accept", guardian_may_know="no")).status_code == 303
    page = (await priya.get(f"/referrals/{ref}")).text
    assert "Does not want whoever looks after them to be told" in page


async def test_declined_the_referrer_reads_the_words_and_nothing_else(
    world: World, enter: Enter, visitor: Visitor
) -> None:
    async with world.hub.store.transaction() as session:
        from hub.referrals import receipt
        from hub.store.tables import Agency
        from tests.referring import told

        taken = await receipt.take(world.hub, session, await session.get_one(Agency, world.agency_id), told())
        ref, token = taken.referral.ref, taken.token
    priya = await enter()
    assert (await priya.post(f"/referrals/{ref}/decline", why="no_place", words="")).status_code == 422
    words = "We are full until May. Try the youth club."
    assert (await priya.post(f"/referrals/{ref}/decline", why="no_place", words=words)).status_code == 303
    page = (await visitor.get(f"/refer/status/{token}")).text
    assert words in page
    assert "Closed" in page
    assert "Jo" not in page
    await world.push(days=31)
    assert words not in (await visitor.get(f"/refer/status/{token}")).text
    priya = await enter()
    assert "(removed)" in (await priya.get(f"/referrals/{ref}")).text


async def test_a_link_to_answer_by_is_shown_once(world: World, enter: Enter, visitor: Visitor) -> None:
    ref, priya = await referred(world, born=aged(16), young_safe="no"), await enter()
    made = (await priya.post(f"/referrals/{ref}/link")).text
    found = re.search(r"/refer/answer/[\w-]+", made)
    assert found
    assert found[0] not in (await priya.get(f"/referrals/{ref}")).text
    page = (await visitor.get(f"{found[0]}?in=cy")).text
    assert "Jo, mae rhywun yn meddwl y gall Northshire support eich helpu" in page
    assert (await visitor.http.post(found[0], data={})).status_code == 422
    assert "We have noted your yes" in (await visitor.http.post(found[0], data={"answer": "yes"})).text
    assert (await visitor.get(found[0])).status_code == 404
    assert await state(world, ref) is ReferralState.READY


async def test_somebody_we_know_is_joined_by_a_workers_look(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        await world.person(session, name="Joseph Marsh", address=YOUNG)
    ref, priya = await referred(world, born=aged(16)), await enter()
    page = (await priya.get(f"/referrals/{ref}")).text
    assert "Joseph Marsh" in page
    assert "It is the same person" in page
    assert (await priya.post(f"/referrals/{ref}/same-person", who="young")).status_code == 303
    assert "Ask them by text" in (await priya.get(f"/referrals/{ref}")).text


async def test_only_workers_of_this_side_and_agency_see_them(world: World, enter: Enter) -> None:
    ref = await referred(world)
    ann = await enter(Side.VICTIMS)
    for path in ("/referrals", f"/referrals/{ref}"):
        assert (await ann.get(path)).status_code == 404
    assert "Referrals" not in (await ann.get("/inbox")).text
    for role in (WorkerRole.PROVIDER, WorkerRole.ANALYST, WorkerRole.ADMINISTRATOR):
        somebody = await enter(role=role, name=f"Some {role.value.title()}")
        assert (await somebody.get(f"/referrals/{ref}")).status_code == 403
    assert (await ann.post(f"/referrals/{ref}/accept")).status_code == 404


async def test_an_administrator_opens_the_form_and_sets_its_word(world: World, enter: Enter, visitor: Visitor) -> None:
    admin = await enter(role=WorkerRole.ADMINISTRATOR)
    for word in ("", "Two words", "status", "9lives"):
        assert (await admin.post("/settings/referrals", word=word, is_open="yes")).status_code == 422
    assert (await admin.post("/settings/referrals", word="derby-youth", is_open="yes")).status_code == 303
    assert (await visitor.get("/refer/derby-youth")).status_code == 200
    assert "from 10 to 17" in (await visitor.get("/refer/derby-youth")).text
    await admin.post("/settings/referrals", word="derby-youth", is_open="yes", adults="yes")
    assert "from 10 years on" in (await visitor.get("/refer/derby-youth")).text
    await admin.post("/settings/referrals", word="derby-youth")
    assert (await visitor.get("/refer/derby-youth")).status_code == 404


async def test_a_word_is_one_agencys(world: World, enter: Enter) -> None:
    from hub.store.tables import Agency

    async with world.hub.store.transaction() as session:
        other = Agency(name="Southshire", short_name="Southshire", phone="0300 000 0001")
        session.add(other)
        await session.flush()
        mine, world.agency_id = world.agency_id, other.id
        await open_door(world, session, word="derby-youth")
        world.agency_id = mine
    admin = await enter(role=WorkerRole.ADMINISTRATOR)
    answer = await admin.post("/settings/referrals", word="derby-youth", is_open="yes")
    assert answer.status_code == 422
    assert "Another agency has that word" in answer.text
