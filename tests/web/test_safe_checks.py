"""“Are you safe?” on the page of somebody on the victims' side: set with them, seen, taken back; who is told."""

import pytest
from sqlalchemy import select

from hub import safe_circle
from hub.store.tables import AuditEvent, Person, SafeWish
from hub.words import ChannelKind, Role, Side
from tests.circles import stand_by
from tests.web.conftest import Enter
from tests.world import LINES, World

pytestmark = pytest.mark.slow
JO = "+447700900303"


async def somebody(world: World, role: Role = Role.VICTIM, *, discreet: bool = False) -> str:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=role, discreet=discreet)
        return person.ref


async def with_jo(world: World, ref: str) -> str:
    """Jo stands by them."""
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person).where(Person.ref == ref))).one()
        jo, _ = await world.person(session, role=Role.SUPPORTER, side=Side.VICTIMS, name="Jo Hart", address=JO)
        await stand_by(world.hub, session, person, jo)
        return jo.ref


async def test_a_time_is_set_with_them_shown_and_taken_back(world: World, enter: Enter) -> None:
    ref, ann = await somebody(world), await enter(Side.VICTIMS)
    assert "No time is set." in (await ann.get(f"/people/{ref}/safe")).text
    answer = await ann.post(f"/people/{ref}/safe/new", how="once", clock="22:30", on="2026-03-02", agreed="yes")
    assert answer.headers["location"] == f"/people/{ref}/safe"
    page = (await ann.get(f"/people/{ref}/safe")).text
    for words in ("Mon 2 March at 10:30pm</strong>, an answer by 10:45pm", "Ann Jones", "Take back"):
        assert words in page
    await world.settle()
    assert "We ask at 10:30pm if you are safe" in world.heard()[-1]
    await ann.post(f"/people/{ref}/safe/1/end")
    async with world.hub.store.transaction() as session:
        made = (await session.scalars(select(AuditEvent.what).where(AuditEvent.what.like("safe_%")))).all()
    assert "safe_check_set" in made


async def test_on_days_of_the_week(world: World, enter: Enter) -> None:
    ref, ann = await somebody(world), await enter(Side.VICTIMS)
    await ann.post(f"/people/{ref}/safe/new", how="days", clock="21:00", weekday=["MO", "FR"], agreed="yes")
    assert "On Mon, Fri at 9pm" in (await ann.get(f"/people/{ref}/safe")).text


async def test_what_is_wrong_is_said_and_nothing_is_set_without_their_say_so(world: World, enter: Enter) -> None:
    ref, ann = await somebody(world), await enter(Side.VICTIMS)
    refused = await ann.post(f"/people/{ref}/safe/new", clock="soon")
    assert refused.status_code == 422
    for field in ("how", "clock", "agreed"):
        assert f'href="#{field}"' in refused.text
    far = await ann.post(f"/people/{ref}/safe/new", how="once", clock="22:30", on="2026-05-02", agreed="yes")
    assert far.status_code == 422
    assert "Choose a time from 5 minutes to 7 days from now." in far.text
    assert "No time is set." in (await ann.get(f"/people/{ref}/safe")).text


async def test_to_a_phone_that_others_may_read_nothing_goes_that_was_not_asked_for_there(
    world: World, enter: Enter
) -> None:
    ref, ann = await somebody(world, discreet=True), await enter(Side.VICTIMS)
    await ann.post(f"/people/{ref}/safe/new", how="once", clock="22:30", on="2026-03-02", agreed="yes")
    await world.settle()
    assert world.heard() == []


async def test_their_own_question_and_the_word_are_sealed_and_the_word_is_never_shown(
    world: World, enter: Enter
) -> None:
    ref, ann = await somebody(world), await enter(Side.VICTIMS)
    fields = {"question": "Did you feed the cat?", "patience": "30", "duress": "Bluebell", "tells": "yes"}
    await ann.post(f"/people/{ref}/safe/how", **fields)
    for path in ("safe", "safe/how", "history", "messages"):
        page = (await ann.get(f"/people/{ref}/{path}")).text
        assert "bluebell" not in page.casefold()
    assert "Did you feed the cat?" in (await ann.get(f"/people/{ref}/safe/how")).text
    assert "They have one" in (await ann.get(f"/people/{ref}/safe")).text
    async with world.hub.store.transaction() as session:
        wish = (await session.scalars(select(SafeWish))).one()
        assert b"Bluebell" not in (wish.duress_sealed or b"")
    await ann.post(f"/people/{ref}/safe/how", question="", patience="15", tells="yes")
    assert "They have one" in (await ann.get(f"/people/{ref}/safe")).text  # an empty field keeps it
    await ann.post(f"/people/{ref}/safe/how", patience="15", no_word="yes")
    assert "They have one" not in (await ann.get(f"/people/{ref}/safe")).text


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("question", "Did the police call?"),
        ("question", "Are you safe?"),
        ("question", "Northshire support: all well?"),
        ("question", "A question that is far too long to stand on any lock screen at all, by far"),
        ("duress", "yes"),
        ("duress", "fine"),
        ("duress", "stop"),
        ("duress", "ydw"),
        ("duress", "later"),
        ("duress", "i want to die"),
        ("duress", "x"),
        ("patience", "3"),
    ],
)
async def test_what_would_give_them_away_or_be_read_as_something_else_is_refused(
    world: World, enter: Enter, field: str, words: str
) -> None:
    ref, ann = await somebody(world), await enter(Side.VICTIMS)
    refused = await ann.post(f"/people/{ref}/safe/how", **({"patience": "15"} | {field: words}))
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text


async def test_a_contact_is_asked_first_and_can_be_left_out_again(world: World, enter: Enter) -> None:
    ref, ann = await somebody(world), await enter(Side.VICTIMS)
    jo = await with_jo(world, ref)
    assert "Not asked" in (await ann.get(f"/people/{ref}/safe")).text
    await ann.post(f"/people/{ref}/safe/contacts/{jo}/ask")
    await world.settle()
    assert "Sam would like us to text you" in world.heard(JO)[-1]
    assert "no answer yet" in (await ann.get(f"/people/{ref}/safe")).text
    await world.text("1", JO, LINES[Side.VICTIMS, ChannelKind.SMS])
    assert "Is told: agreed on" in (await ann.get(f"/people/{ref}/safe")).text
    await ann.post(f"/people/{ref}/safe/contacts/{jo}/end")
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person).where(Person.ref == ref))).one()
        assert await safe_circle.contacts_of(session, person) == []
    assert (await ann.post(f"/people/{ref}/safe/contacts/{ref}/ask")).status_code == 404


async def test_on_the_other_side_there_is_no_such_page(world: World, enter: Enter) -> None:
    ref, priya = await somebody(world, Role.SUPERVISED), await enter()
    assert "Are you safe?" not in (await priya.get(f"/people/{ref}")).text
    for path in ("", "/new", "/how"):
        assert (await priya.get(f"/people/{ref}/safe{path}")).status_code == 404


async def test_silence_interrupts_on_every_page_with_the_times_in_the_inbox(world: World, enter: Enter) -> None:
    ref = await somebody(world)
    await world.text("check on me in 1 hour", line=LINES[Side.VICTIMS, ChannelKind.SMS])
    await world.push(hours=1, minutes=15)
    ann = await enter(Side.VICTIMS)
    page = (await ann.get("/outbox")).text
    assert "Somebody needs help now. Set “are you safe?” and has not answered" in page
    assert "no answer by 11:15am, last heard Mon 2 March at 10am" in (await ann.get("/inbox")).text
    assert "No answer (asked at 11am, delivered at 11am" in (await ann.get(f"/people/{ref}/safe")).text
