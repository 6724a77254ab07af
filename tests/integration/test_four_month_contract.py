"""A whole contract of four months, from the first text to the last, and the timeline that is printed of it.

Driven by texts of a phone and by acts of a worker and a provider alone. The printed example is kept for readers.
"""

import re
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select, text

from hub.flows import Flows
from hub.reading.court.timeline import Said, Timeline, timeline
from hub.reading_age import reading_age
from hub.store.engine import Store
from hub.store.tables import Case
from hub.times import at_local
from hub.words import AppointmentState
from inbox.transcripts.timeline_as_pdf import as_pdf
from inbox.transcripts.timeline_as_text import as_text
from tests.integration.contract_acts import PHONE, REASON, ZONE, Contract, assistant, end_of_series
from tests.world import ROOT, make_world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

EXAMPLE = ROOT / "docs" / "example-timeline.md"
LETTER, COURSE, MONEY = "Write a letter to say sorry", "Finish the alcohol course", "Pay for the broken window"
FIRST = date(2026, 3, 10)
CAME, MISSED = AppointmentState.ATTENDED, AppointmentState.MISSED


def week(number: int) -> date:
    """The Tuesday of that week of the contract; the first is 1."""
    return FIRST + timedelta(weeks=number - 1)


async def story(contract: Contract) -> None:
    await contract.sign()
    await contract.agree(LETTER, date(2026, 4, 3))
    await contract.agree(COURSE, date(2026, 5, 22))
    await contract.agree(MONEY, date(2026, 6, 19))
    await contract.weekly(FIRST, time(14))
    for number in range(1, 17):
        await one_week(contract, number)
    await contract.until(date(2026, 6, 30), "11:00")
    await contract.complete()
    await contract.until(date(2026, 7, 10), "11:00")


async def one_week(contract: Contract, number: int) -> None:
    """The day before, the hour itself, and what came after."""
    day = week(number)
    if number == 6:
        await contract.until(day - timedelta(days=1), "09:00")
        await contract.move(at_local(day + timedelta(days=1), time(11), ZONE))
        day += timedelta(days=1)
    await contract.until(day - timedelta(days=1), "18:00")
    if number == 4:
        await contract.text(REASON)
    elif number != 9:
        await contract.text("1")
    await hour(contract, number, day)
    await after(contract, number, day)


async def hour(contract: Contract, number: int, day: date) -> None:
    await contract.until(day, "11:05" if number == 6 else "14:05")
    if number in {4, 9}:
        await contract.until(day, "15:10")
        await contract.outcome(MISSED, by=contract.provider_id)
    elif number == 3:
        await contract.photo()
        await contract.until(day, "16:00")
        await contract.accept_proof()
    elif number % 2:
        await contract.text(await contract.code())
    else:
        await contract.until(day, "15:10")
        await contract.outcome(CAME, by=contract.provider_id)


async def after(contract: Contract, number: int, day: date) -> None:
    """What else belongs to that week."""
    match number:
        case 2:
            await contract.until(day + timedelta(days=1), "10:00")
            await contract.check_in()
            await contract.until(day + timedelta(days=1), "10:20")
            await contract.text("2")
            await contract.text("8")
        case 4:
            await contract.until(date(2026, 4, 2), "10:30")
            await contract.text("ive done the letter")
            await contract.check(LETTER)
        case 10:
            await contract.until(day + timedelta(days=1), "10:00")
            await contract.text("can i have 2 more weeks for the course")
            await contract.until(day + timedelta(days=2), "10:00")
            await contract.give_longer(COURSE, date(2026, 6, 5))
        case 11:
            await contract.until(day + timedelta(days=1), "10:00")
            await contract.check_in()
        case 13:
            await contract.until(day + timedelta(days=1), "10:00")
            await contract.text("finished the course today")
            await contract.check(COURSE)
        case 15:
            await contract.until(day + timedelta(days=1), "10:00")
            await contract.text("all paid now")
            await contract.check(MONEY)


async def printed(contract: Contract, *, with_words: bool = False) -> Timeline:
    async with contract.world.hub.store.transaction() as session:
        case = (await session.scalars(select(Case))).one()
        return await timeline(contract.world.hub, session, case, "Priya Shah", with_words=with_words)


def lines(found: Timeline) -> list[Said]:
    return [line for _, said in found.days for line in said]


async def test_four_months_are_printed_in_order_and_each_line_has_its_source(store: Store, flows: Flows) -> None:
    contract = Contract(await make_world(store, assistant=assistant(), flows=flows))
    async with store.transaction() as session:  # a reader of the example finds numbers that begin at one
        for table in ("audit_events", "audit_seals", "messages", "check_ins", "cases"):
            await session.execute(text(f"ALTER TABLE {table} ALTER id RESTART WITH 1"))
    await story(contract)
    found = await printed(contract)
    keep(found)
    said = lines(found)

    assert_in_order(found)
    assert [line for line in said if not re.match(r"(Records?|Message|Check-in|Case) \d+", line.source)] == []
    assert_tells(said)
    assert_plain(said)
    whole = as_text(found).decode()
    assert not [private for private in (REASON, PHONE, "07700", "900101", "Yes, you have") if private in whole]
    quoted = as_text(await printed(contract, with_words=True)).decode()
    assert f"“{REASON}”" in quoted
    assert "“Yes, you have until 5 June.”" in quoted
    assert "sealed and unchanged: seal" in found.seal
    assert as_pdf(found).startswith(b"%PDF")
    assert await end_of_series(contract) == date(2026, 6, 30)
    heard = contract.world.heard()
    assert heard[-1].startswith("Well done, Sam: you have done all that you agreed to do.")
    await assert_a_changed_record_is_told(contract)


def assert_in_order(found: Timeline) -> None:
    days = [datetime.strptime(day, "%A %d %B %Y").date() for day, _ in found.days]  # noqa: DTZ007
    assert days == sorted(set(days))
    assert days[0] == date(2026, 3, 2)
    assert days[-1] == date(2026, 6, 30)


def assert_tells(said: list[Said]) -> None:
    """These stand there, in this order, whatever stands between them."""
    wanted = [
        "The case was opened",
        f"Agreed: “{LETTER}”, by 3 April 2026",
        f"Agreed: “{COURSE}”, by 22 May 2026",
        f"Agreed: “{MONEY}”, by 19 June 2026",
        "Planned: Tue 10 March at 2pm; Tue 17 March at 2pm; Tue 24 March at 2pm",
        "Text sent: a reminder of the appointment of Tue 10 March at 2pm. It reached the phone at 10am",
        "They wrote that they will come",
        "Came: Tue 10 March at 2pm, with Ola at Turning Corners. Known from the code on the provider's screen",
        "Came: Tue 17 March at 2pm, with Ola at Turning Corners. Known from Ola Byrne, provider",
        "Text sent: the check-in, how they are",
        "They answered the check-in",
        "They sent proof that they came: Tue 24 March at 2pm",
        "Came: Tue 24 March at 2pm, with Ola at Turning Corners. Known from a photo that they sent, accepted by Priya",
        "They wrote that they cannot come",
        "Did not come: Tue 31 March at 2pm, with Ola at Turning Corners. Known from Ola Byrne, provider",
        f"They said that it is done: “{LETTER}”",
        f"Checked and done: “{LETTER}”",
        "Moved from Tue 14 April at 2pm to Wed 15 April at 11am",
        "Came: Wed 15 April at 11am",
        "Did not come: Tue 5 May at 2pm",
        "Text sent: that we did not see them, and to ask what got in the way",
        f"They asked for longer: “{COURSE}”",
        f"Longer was given: “{COURSE}”, by 5 June 2026",
        "Priya Shah wrote to them. It reached the phone at 10am",
        "No answer to the check-in of Wed 20 May",
        f"Checked and done: “{COURSE}”",
        f"Checked and done: “{MONEY}”",
        "Came: Tue 23 June at 2pm",
        "The case was closed: what was agreed was done",
        "Called off: Tue 30 June at 2pm",
        "Text sent: that the case is closed. It reached the phone at 11am",
    ]
    there = [line.words for line in said]
    for words in wanted:  # each after the one before
        place = next((i for i, line in enumerate(there) if line.startswith(words)), None)
        assert place is not None, f"{words!r} is not where it should be"
        there = there[place + 1 :]


def assert_plain(said: list[Said]) -> None:
    """Sentences, not codes; and easier than a newspaper."""
    assert [line.words for line in said if re.search(r"[_{}]|\b(breach|risk|fail)", line.words)] == []
    ages = [reading_age(line.words.replace(":", ".")) or 0 for line in said]
    assert sum(ages) / len(ages) <= 9


async def assert_a_changed_record_is_told(contract: Contract) -> None:
    """Somebody who can write to the database makes a miss of a visit."""
    async with contract.world.hub.store.transaction() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(
            text("UPDATE audit_events SET what = 'appointment_missed' WHERE what = 'appointment_attended'")
        )
    assert "do not rely on this timeline" in (await printed(contract)).seal


def keep(found: Timeline) -> None:
    """As docs/screens: what was printed, kept when it says something else than before."""
    opening = (
        "# A timeline that a court could read\n\n"
        "An invented person, four months of a contract, printed by `tests/integration/test_four_month_contract.py` as "
        "`handrail cases timeline` prints it. Each line has the record or message that it can be checked by.\n\n"
    )
    new = f"{opening}```text\n{as_text(found).decode()}```\n"
    if not EXAMPLE.exists() or masked(EXAMPLE.read_text()) != masked(new):
        EXAMPLE.write_text(new)


def masked(example: str) -> str:
    """Without what differs from run to run: references, numbers of the provider and the digest."""
    numbers = "".join(rf"|(?<={word} )\d+" for word in ("Record", "essage", "record", "up to", "seal"))
    return re.sub(rf"[0-9a-f]{{64}}|number \S+|reference \w+{numbers}", "…", example)
