"""Every text that people read: found, side by side, proposed anew, decided, brought back; and what is really sent."""

import re

import pytest
from sqlalchemy import select

from hub.reading import text_uses
from hub.store.tables import Message, Person, TextVersion
from hub.words import Side, WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.web.test_outbox import appoint
from tests.world import World

pytestmark = pytest.mark.slow

KEY = "appointments.reminder_first"
NEW = "Hello {first_name}, please see {with_whom} on {when}, {place}. Reply 1 to come, 2 for a new time, 3 for no."
CAREFUL = "Hello, a reminder for {when}. Reply 1 for yes, 2 for a new time, 3 for no."


async def supervisor(enter: Enter, side: Side = Side.SUPERVISION) -> Visitor:
    return await enter(side, role=WorkerRole.SUPERVISOR, name=f"Tom {side}")


async def propose(visitor: Visitor, key: str = KEY, text: str = NEW, discreet: str = CAREFUL) -> None:
    answer = await visitor.post(f"/texts/{key}/en", text=text, discreet=discreet, why="Warmer")
    assert answer.status_code == 303, answer.text


async def newest(world: World) -> int:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(TextVersion.id).order_by(TextVersion.id.desc()))).first() or 0


async def accept(world: World, visitor: Visitor) -> None:
    answer = await visitor.post(f"/texts/versions/{await newest(world)}/decide", decision="accept")
    assert answer.status_code == 303, answer.text
    assert "in use from now on" in (await visitor.get(answer.headers["location"])).text


async def test_texts_stand_topic_by_topic_with_their_languages_beside_each_other(enter: Enter) -> None:
    page = (await (await enter()).get("/texts?topic=check_ins")).text
    assert "How are you" in page or "how are you" in page
    assert 'lang="cy"' in page
    assert "Welsh: " in page
    assert "no native speaker has read it yet" in page
    assert "reading age" in page
    assert f"/texts/{KEY}" not in page
    assert "There is no text of this topic." in (await (await enter()).get("/texts?topic=nothing")).text


async def test_texts_are_found_by_words_in_any_language_and_no_address_says_which(enter: Enter) -> None:
    priya = await enter()
    page = await priya.post("/texts", words="what time set off")
    assert "/texts/appointments.reminder" in page.text
    assert "set" not in str(page.url)
    nothing = await priya.post("/texts", words="zebedee")
    assert "0 results for “zebedee”" in nothing.text


async def test_a_text_says_where_it_is_used(enter: Enter) -> None:
    priya = await enter()
    page = (await priya.get(f"/texts/{KEY}")).text
    assert "7 days before an appointment, at 10am" in page
    assert "/rules/reminder_7_days" in page
    assert "When somebody praises someone" in (await priya.get("/texts/human.praise")).text
    assert "It has always been as it stands here." in page


def test_most_texts_are_known_to_be_used_by_something(world: World) -> None:
    keys = world.hub.flows.texts.languages["en"].templates
    assert sum(bool(text_uses.uses(world.hub, key)) for key in keys) > len(keys) / 3


async def test_preview_counter_provider_and_record_agree_after_a_wording_was_accepted(
    world: World, enter: Enter
) -> None:
    await appoint(world, 9)
    priya, tom = await enter(), await supervisor(enter)
    before = (await priya.get("/outbox?rule=reminder_7_days")).text
    assert "you see Priya on" in before
    await propose(priya)
    assert "you see Priya on" in (await priya.get("/outbox?rule=reminder_7_days")).text
    await accept(world, tom)
    page = (await priya.get("/outbox?rule=reminder_7_days")).text
    (preview,) = re.findall(r'handrail-outgoing__words">(.*?)</p>', page)
    counted = (await priya.post("/count", body=preview)).text
    await world.push(days=3)
    assert world.heard() == [preview]
    assert preview.startswith("Hello Sam, please see Priya on Wed 11 March at 2pm")
    async with world.hub.store.transaction() as session:
        message = (await session.scalars(select(Message))).one()
        ref = (await session.scalars(select(Person.ref))).one()
    assert f"{message.segments} text" in counted
    assert preview in (await (await enter()).get(f"/people/{ref}/messages")).text


async def test_the_other_side_keeps_its_own_words(world: World, enter: Enter) -> None:
    await propose(await enter())
    await accept(world, await supervisor(enter))
    assert "our own wording" in (await (await enter()).get(f"/texts/{KEY}")).text
    assert "our own wording" not in (await (await enter(Side.VICTIMS)).get(f"/texts/{KEY}")).text


async def test_a_refusal_needs_a_reason_and_shows_it(world: World, enter: Enter) -> None:
    await propose(await enter())
    tom = await supervisor(enter)
    assert "1 proposed wording to decide" in (await tom.get("/texts")).text
    assert "Hello {first_name}" in (await tom.get("/texts/proposals")).text
    path = f"/texts/versions/{await newest(world)}/decide"
    unexplained = await tom.post(path, decision="refuse")
    assert unexplained.status_code == 422
    assert "Say why it is refused." in unexplained.text
    await tom.post(path, decision="refuse", why="Too long for a bus stop")
    page = (await (await enter()).get(f"/texts/{KEY}")).text
    assert "Too long for a bus stop" in page
    assert "No wording waits" in (await tom.get("/texts/proposals")).text


async def test_the_first_wording_and_earlier_ones_come_back(world: World, enter: Enter) -> None:
    priya, tom = await enter(), await supervisor(enter)
    await propose(priya)
    first = await newest(world)
    await accept(world, tom)
    await propose(priya, text=NEW.replace("Hello", "Hi there"))
    await accept(world, tom)
    again = await priya.post(f"/texts/versions/{first}/restore")
    assert again.headers["location"].endswith("said=proposed")
    restored = await tom.post(f"/texts/versions/{first}/restore")
    assert restored.headers["location"].endswith("said=accepted")
    assert "Hello {first_name}, please" in (await priya.get("/texts?topic=appointments")).text
    await tom.post(f"/texts/{KEY}/en/first")
    assert "our own wording" not in (await priya.get(f"/texts/{KEY}")).text
    assert (await tom.post(f"/texts/{KEY}/en/first")).status_code == 404


@pytest.mark.parametrize(
    ("text", "discreet", "said"),
    [
        (NEW.replace("{place}", "the office"), CAREFUL, "same facts"),
        (NEW, CAREFUL + " From your probation officer.", "says “probation” in its discreet wording"),
        (NEW + " You must comply.", CAREFUL, "says “comply”"),
        (NEW * 3, CAREFUL, "texts, and 2 are the most"),
        (NEW + " {", CAREFUL, "stands alone"),
    ],
)
async def test_what_is_wrong_is_said_while_it_is_written_and_when_it_is_saved(
    enter: Enter, text: str, discreet: str, said: str
) -> None:
    priya = await enter()
    assert said in (await priya.post(f"/texts/{KEY}/en/check", text=text, discreet=discreet)).text
    refused = await priya.post(f"/texts/{KEY}/en", text=text, discreet=discreet, why="So")
    assert refused.status_code == 422
    assert said in refused.text
    assert "<title>Error: " in refused.text
    assert 'value="So"' in refused.text


async def test_a_good_wording_says_so_with_its_figures(enter: Enter) -> None:
    page = (await (await enter()).post(f"/texts/{KEY}/en/check", text=NEW, discreet=CAREFUL)).text
    assert "It keeps all the rules." in page
    assert "Reading age" in page
    assert "2 texts each" in page or "1 text each" in page


async def test_who_may_look_who_may_propose_and_who_decides(world: World, enter: Enter) -> None:
    await propose(await enter())
    version = await newest(world)
    analyst = await enter(role=WorkerRole.ANALYST, name="Kit Moor")
    assert (await analyst.get(f"/texts/{KEY}")).status_code == 200
    assert "Propose another" not in (await analyst.get(f"/texts/{KEY}")).text
    assert (await analyst.get(f"/texts/{KEY}/en")).status_code == 403
    assert (await analyst.post(f"/texts/{KEY}/en", text=NEW, discreet=CAREFUL)).status_code == 403
    for visitor in (analyst, await enter()):
        assert (await visitor.post(f"/texts/versions/{version}/decide", decision="accept")).status_code == 403
        assert (await visitor.post(f"/texts/{KEY}/en/first")).status_code == 403
    other = await supervisor(enter, Side.VICTIMS)
    assert (await other.post(f"/texts/versions/{version}/decide", decision="accept")).status_code == 404
    provider = await enter(role=WorkerRole.PROVIDER, name="Pat Moor")
    assert (await provider.get("/texts")).status_code == 403
    administrator = await enter(role=WorkerRole.ADMINISTRATOR, name="Al Moor")
    assert (await administrator.post(f"/texts/versions/{version}/decide", decision="accept")).status_code == 303


async def test_the_questions_of_a_survey_are_looked_at_and_not_reworded(world: World, enter: Enter) -> None:
    key = next(key for key in world.hub.flows.texts.languages["en"].templates if key.startswith("survey."))
    priya = await enter()
    assert "is changed in its file" in (await priya.get(f"/texts/{key}")).text
    assert (await priya.post(f"/texts/{key}/en", text="Other")).status_code == 403
    assert (await priya.get("/texts/nothing.here")).status_code == 404
    assert (await priya.get(f"/texts/{KEY}/xx")).status_code == 404
