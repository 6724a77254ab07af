"""One text to several people: chosen, written, checked, sent once, looked at again, taken back."""

import re
from datetime import time, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from hub import appointments
from hub.states import MessageState
from hub.store.tables import AuditEvent, Consent, ContactPoint, Mailing, Message, Person
from hub.words import Purpose, Role, Side, WorkerRole
from inbox.app import WebSettings, create_app
from tests.web.conftest import Enter, Visitor
from tests.world import World

pytestmark = pytest.mark.slow

TEXT = "Hi, this is Priya. The office is closed on Friday. Call 0300 000 0000."


async def three(world: World) -> dict[str, str]:
    """Sam, Bea and Cai, who reads Welsh: by first name, the reference."""
    people = {"Sam": "+447700900101", "Bea": "+447700900102", "Cai": "+447700900103"}
    refs = {}
    async with world.hub.store.transaction() as session:
        for name, number in people.items():
            language = "cy" if name == "Cai" else "en"
            person, _ = await world.person(session, name=f"{name} Low", address=number, language=language)
            refs[name] = person.ref
    return refs


def token_in(page: str) -> str:
    return re.search(r'name="token" value="([\w-]+)"', page)[1]  # type: ignore[index]


def written(refs: list[str], **more: str) -> dict[str, str]:
    fields = {"people": ",".join(refs), "languages": "en,cy", "words-en": TEXT, "token": "a-token-of-the-form"}
    return fields | {name.replace("_", "-"): value for name, value in more.items()}


async def post(visitor: Visitor, path: str, fields: dict[str, str]) -> str:
    answer = await visitor.http.post(path, data={"csrf": visitor.csrf, **fields})
    return answer.text if answer.status_code != 303 else answer.headers["location"]


async def test_the_whole_way_from_choosing_to_what_became_of_it(world: World, enter: Enter) -> None:
    refs = await three(world)
    priya = await enter()
    assert "Low, Bea" in (await priya.get("/send")).text
    page = await priya.http.post("/send/write", data={"csrf": priya.csrf, "person": [refs["Sam"], refs["Cai"]]})
    assert "Write the text to 2 people" in page.text
    assert "The text in Welsh" in page.text
    fields = written(
        [refs["Sam"], refs["Cai"]], token=token_in(page.text), words_cy="Mae'r swyddfa ar gau ddydd Gwener."
    )
    check = await post(priya, "/send/check", fields)
    assert "Send to 2 people" in check
    assert "1 text for each person, to 1 of them." in check
    assert "At once: 2 people" in check
    where = await post(priya, "/send/go", fields)
    assert "2</dd>" in (await priya.get(where)).text
    await world.settle()
    assert world.heard("+447700900101") == [TEXT]
    assert world.heard("+447700900103") == ["Mae'r swyddfa ar gau ddydd Gwener."]
    assert world.heard("+447700900102") == []
    assert where.removeprefix("/send/") in (await priya.get("/send/before")).text
    async with world.hub.store.transaction() as session:
        per_person = select(func.count()).where(AuditEvent.what == "mailing_sent_to")
        assert await session.scalar(per_person) == 2


async def test_posted_twice_it_is_sent_once(world: World, enter: Enter) -> None:
    refs = await three(world)
    priya = await enter()
    fields = written(list(refs.values()))
    first, second = await post(priya, "/send/go", fields), await post(priya, "/send/go", fields)
    await world.settle()
    assert first == second
    assert world.heard("+447700900101") == [TEXT]


async def test_the_check_says_who_is_left_out_and_why(world: World, enter: Enter) -> None:
    refs = await three(world)
    async with world.hub.store.transaction() as session:
        discreet, _ = await world.person(session, name="Dee Low", address="+447700900104", discreet=True)
        of = {name: select(Person.id).where(Person.ref == ref).scalar_subquery() for name, ref in refs.items()}
        await session.execute(
            update(ContactPoint).where(ContactPoint.person_id == of["Sam"]).values(stopped_at=world.clock.now())
        )
        contact = await session.scalar(select(ContactPoint.id).where(ContactPoint.person_id == of["Bea"]))
        session.add(
            Consent(
                contact_point_id=contact, purpose=Purpose.UPDATE, given=False, at=world.clock.now(), source="person"
            )
        )
    priya = await enter()
    fields = written([*refs.values(), discreet.ref])
    check = await post(priya, "/send/check", fields)
    assert "Send to 1 person" in check
    assert "they asked us to stop texts: Low, Sam" in check
    assert "they said no to messages of this kind: Low, Bea" in check
    assert "write to each by themselves: Low, Dee" in check
    sent = (await priya.get(await post(priya, "/send/go", fields))).text
    assert "1, because they asked us to stop texts" in sent
    await world.settle()
    assert [len(world.heard(f"+44770090010{n}")) for n in (1, 2, 3, 4)] == [0, 0, 1, 0]


async def test_the_check_counts_texts_and_says_when_each_persons_hours_begin(world: World, enter: Enter) -> None:
    refs = await three(world)
    async with world.hub.store.transaction() as session:
        sam = select(Person.id).where(Person.ref == refs["Sam"]).scalar_subquery()
        window = {"safe_from": time(14), "safe_until": time(16)}
        await session.execute(update(ContactPoint).where(ContactPoint.person_id == sam).values(**window))
    priya = await enter()
    check = await post(priya, "/send/check", written(list(refs.values()), words_en=TEXT * 3))
    assert "2 texts for each person" in check
    assert '<dd class="govuk-summary-list__value">6</dd>' in check
    assert "At once: 2 people" in check
    assert "Mon 2 March at 2pm: 1 person" in check


async def test_at_a_day_and_time_it_waits_and_can_be_taken_back(world: World, enter: Enter) -> None:
    refs = await three(world)
    priya = await enter()
    then = {"when": "then", "day": "2026-03-03", "clock": "09:30"}
    check = await post(priya, "/send/check", written(list(refs.values()), **then))
    assert "Tue 3 March at 9:30am: 3 people" in check
    where = await post(priya, "/send/go", written(list(refs.values()), **then))
    assert "Sent to several by Priya Shah" in (await priya.get("/outbox")).text
    assert "3 have not gone yet" in (await priya.get(where)).text
    after = await post(priya, f"{where}/cancel", {})
    assert "3 texts cancelled." in (await priya.get(after)).text
    await world.push(days=2)
    assert world.heard("+447700900101") == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"words_en": " "}, "Write the text."),
        ({"words_en": "x" * 919}, "longer than 918 characters"),
        ({"when": "then", "day": "2026-02-03", "clock": "09:30"}, "Enter a time to come"),
        ({"when": "then", "day": "tomorrow", "clock": ""}, "Enter a day and a time"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_what_was_written_stays(
    world: World, enter: Enter, more: dict[str, str], said: str
) -> None:
    refs = await three(world)
    page = await post(await enter(), "/send/check", written(list(refs.values()), words_cy="Diolch", **more))
    assert said in page
    assert "<title>Error: " in page
    assert "Diolch" in page


async def test_people_are_filtered_by_language_and_by_their_next_appointment(world: World, enter: Enter) -> None:
    refs = await three(world)
    async with world.hub.store.transaction() as session:
        bea = (await session.scalars(select(Person).where(Person.ref == refs["Bea"]))).one()
        at = world.clock.now() + timedelta(days=2, hours=4)
        await appointments.schedule(
            world.hub, session, "key:1", person=bea, starts_at=at, with_whom="Priya", place="Town Hall"
        )
    priya = await enter()
    for wish, only in (({"language": "Welsh"}, "Cai"), ({"place": "Town Hall"}, "Bea"), ({"day": "2026-03-04"}, "Bea")):
        page = await post(priya, "/send", wish)
        assert page.count('name="person"') == 1, wish
        assert refs[only] in page
        assert "Write the text to 1 person" in await post(priya, "/send/write", {**wish, "all": "yes"})
    assert "Nobody is like this." in await post(priya, "/send", {"day": "2026-04-04"})


async def test_nobody_chosen_is_said_and_an_empty_caseload_too(world: World, enter: Enter) -> None:
    priya = await enter()
    assert "You have nobody to write to yet." in (await priya.get("/send")).text
    assert "Nothing has been sent" in (await priya.get("/send/before")).text
    await three(world)
    assert "Choose at least one person." in await post(priya, "/send/write", {})


async def test_nobody_writes_to_others_people_or_reads_what_others_sent(world: World, enter: Enter) -> None:
    refs = await three(world)
    priya = await enter()
    where = await post(priya, "/send/go", written(list(refs.values())))
    ann, tom = await enter(Side.VICTIMS), await enter(name="Tom Field")
    for stranger in (ann, tom):
        assert "Low" not in (await stranger.get("/send")).text
        answer = await stranger.http.post("/send/check", data={"csrf": stranger.csrf, **written(list(refs.values()))})
        assert answer.status_code == 404
        assert (await stranger.get(where)).status_code == 404
        assert (await stranger.post(f"{where}/cancel")).status_code == 404
    supervisor = await enter(role=WorkerRole.SUPERVISOR, name="Una Field")
    assert (await supervisor.get(where)).status_code == 200
    for role in (WorkerRole.PROVIDER, WorkerRole.ANALYST, WorkerRole.ADMINISTRATOR):
        assert (await (await enter(role=role, name=f"Kit {role}")).get("/send")).status_code == 403


async def test_who_did_not_get_it_is_named_with_the_reason(world: World, enter: Enter) -> None:
    refs = await three(world)
    priya = await enter()
    where = await post(priya, "/send/go", written([refs["Sam"], refs["Bea"]]))
    async with world.hub.store.transaction() as session:
        sam = select(Person.id).where(Person.ref == refs["Sam"]).scalar_subquery()
        await session.execute(
            update(ContactPoint).where(ContactPoint.person_id == sam).values(stopped_at=world.clock.now())
        )
    await world.settle()
    page = (await priya.get(where)).text
    assert "Low, Sam</a>: Not sent: they asked us to stop texts" in page
    async with world.hub.store.transaction() as session:
        states = set(await session.scalars(select(Message.state)))
        assert MessageState.BLOCKED in states
        assert await session.scalar(select(func.count()).select_from(Mailing)) == 1


async def test_a_victims_team_writes_to_its_own_side(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        vera, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address="+447700900202")
    ann = await enter(Side.VICTIMS)
    await post(ann, "/send/go", written([vera.ref]))
    await world.settle()
    assert world.heard("+447700900202") == [TEXT]


async def test_on_trial_the_check_says_how_many_addresses_are_not_listed(
    world: World, enter: Enter, app: FastAPI
) -> None:
    refs = await three(world)
    listed = frozenset({"+447700900101"})
    settings = WebSettings(secure_cookies=False, public_url="http://testserver", trial_addresses=listed)
    app.state.web = create_app(world.hub, settings=settings).state.web
    check = await post(await enter(), "/send/check", written(list(refs.values())))
    assert "2 of these 3 will be refused." in check


async def test_the_count_as_it_is_written_is_the_count_that_is_sent(world: World, enter: Enter) -> None:
    refs = await three(world)
    priya = await enter()
    dear = "Mae'r tŷ ar gau. " * 6
    counted = await post(priya, "/send/count?language=cy", {"words-cy": dear})
    assert "2 texts" in counted
    assert "ŷ" in counted
    await post(priya, "/send/go", written([refs["Cai"]], words_cy=dear))
    await world.settle()
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Message.segments))).one() == 2
