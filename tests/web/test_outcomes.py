"""The figures of the outcomes page against months that can be counted by hand."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.states import MessageState
from hub.store.tables import Arm, Assignment, AuditEvent, Experiment, Team, Worker
from hub.words import AppointmentState, ChannelKind, Role, Side, WorkerRole
from tests.web.conftest import Enter, Visitor
from tests.web.months import answered, met, needed, said, somebody, wrote
from tests.world import World

pytestmark = pytest.mark.slow

CAME, MISSED, UNKNOWN = AppointmentState.ATTENDED, AppointmentState.MISSED, AppointmentState.UNKNOWN


async def table(visitor: Visitor, figure: str, **query: str) -> list[list[str]]:
    """The rows of a figure's file, its columns left out."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = await visitor.get(f"/outcomes/{figure}.csv?{asked}")
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))[1:]


@pytest.fixture
async def autumn(world: World) -> None:
    """Twelve with a reminder (8 came, 3 did not, 1 nobody knows), nine without (4, 4, 1)."""
    with_one, without = [CAME] * 8 + [MISSED] * 3 + [UNKNOWN], [CAME] * 4 + [MISSED] * 4 + [UNKNOWN]
    async with world.hub.store.transaction() as session:
        for number, state in enumerate([*with_one, *without]):
            who = await somebody(world, session, 100 + number)
            await met(world, session, who, state, reminded=number < len(with_one))
        who = await somebody(world, session, 150)
        await met(world, session, who, AppointmentState.CANCELLED, reminded=True)
        await met(world, session, who, CAME, reminded=True, days_ago=200)  # before the last 12 weeks


async def test_attendance_is_counted_with_and_without_a_reminder(enter: Enter, autumn: None) -> None:
    priya = await enter()
    assert await table(priya, "attendance") == [
        ["With a reminder", "8", "3", "1", "12", "73%"],
        ["Without a reminder", "4", "4", "1", "9", "50%"],
    ]
    page = (await priya.get("/outcomes")).text
    assert "The difference is 23 points" in page
    assert "People without a reminder differ from the others" in page
    assert 'role="img"' in page
    assert "by-lot" not in page


async def test_a_reminder_of_a_time_that_was_moved_is_none_of_the_new_time(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        for number in range(6):
            who = await somebody(world, session, 100 + number)
            await met(world, session, who, CAME, reminded=False)
    assert (await table(await enter(), "attendance"))[1] == ["Without a reminder", "6", "0", "0", "6", "100%"]


async def test_where_a_lot_was_drawn_the_comparison_is_called_fair(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        experiment = Experiment(rule="reminder_1_day", started_at=world.clock.now() - timedelta(days=60))
        session.add(experiment)
        await session.flush()
        arms = [Arm(experiment_id=experiment.id, name=n, sends=s, share=1) for n, s in (("yes", True), ("no", False))]
        session.add_all(arms)
        await session.flush()
        for number in range(12):
            who = await somebody(world, session, 100 + number)
            await met(world, session, who, CAME if number % 4 else MISSED, reminded=number % 2 == 0)
            at = world.clock.now() - timedelta(days=50)
            assigned = Assignment(experiment_id=experiment.id, person_id=who[0].id, arm_id=arms[number % 2].id, at=at)
            session.add(assigned)
    assert await table(await enter(), "attendance-by-lot") == [
        ["Gets the reminder, by lot", "3", "3", "0", "6", "50%"],
        ["Does not, by lot", "6", "0", "0", "6", "100%"],
    ]


async def test_small_groups_are_hidden_in_the_page_and_in_the_file(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        for number in range(4):
            who = await somebody(world, session, 100 + number)
            await met(world, session, who, CAME, reminded=True)
    priya = await enter()
    assert (await table(priya, "attendance"))[0] == ["With a reminder", *["Too few to show"] * 5]
    assert "no difference is shown" in (await priya.get("/outcomes")).text


async def test_what_arrived_and_what_was_answered_by_channel(world: World, enter: Enter) -> None:
    now = world.clock.now()
    states = [MessageState.DELIVERED] * 6 + [MessageState.UNDELIVERED] * 2 + [MessageState.SENT] * 2
    async with world.hub.store.transaction() as session:
        for number, state in enumerate(states):
            _, conversation = await somebody(world, session, 100 + number)
            at = now - timedelta(days=10)
            await wrote(world, session, conversation, at, state=state)
            if number < 3:
                await answered(session, conversation, at + timedelta(days=2))
            elif number < 5:
                await answered(session, conversation, at + timedelta(days=4))  # too late to be an answer to it
        _, chat = await somebody(world, session, 120, channel=ChannelKind.TELEGRAM)
        await wrote(world, session, chat, now - timedelta(days=10))
    priya = await enter()
    # One on Telegram is too few. No total of all channels is shown anywhere, so it alone is hidden.
    assert await table(priya, "delivery") == [
        ["Text", "6", "2", "2", "10", "60%"],
        ["Telegram", *["Too few to show"] * 5],
    ]
    async with world.hub.store.transaction() as session:
        for number in range(5):
            _, chat = await somebody(world, session, 130 + number, channel=ChannelKind.TELEGRAM)
            await wrote(world, session, chat, now - timedelta(days=10))
    assert await table(priya, "delivery") == [
        ["Text", "6", "2", "2", "10", "60%"],
        ["Telegram", "6", "0", "0", "6", "100%"],
    ]
    assert await table(priya, "replies") == [["Text", "3", "10", "30%"], ["Telegram", "0", "6", "0%"]]


async def test_an_answer_after_the_month_ended_still_counts_for_its_question(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        for number in range(5):
            _, conversation = await somebody(world, session, 100 + number)
            at = world.clock.now().replace(month=2, day=28, hour=23)  # the file is of February, the answer of March
            await wrote(world, session, conversation, at)
            await answered(session, conversation, at + timedelta(hours=3))
            await wrote(world, session, conversation, at + timedelta(hours=4))  # a question of March
    priya = await enter()
    assert await table(priya, "replies", period="2026-02") == [["Text", "5", "5", "100%"]]
    assert await table(priya, "replies", period="2026-03") == [["Text", "0", "5", "0%"]]


async def test_time_to_a_human_by_the_clock_and_in_working_time(world: World, enter: Enter) -> None:
    """Opened on Friday at 4pm, taken on Monday at 10am: 66 hours by the clock, two in working time."""
    friday = world.clock.now().replace(day=20, month=2, hour=16)
    async with world.hub.store.transaction() as session:
        for number in range(5):
            _, conversation = await somebody(world, session, 100 + number)
            await needed(session, conversation, "wants_a_person", friday, taken=friday + timedelta(hours=66))
        for number in range(6):
            _, conversation = await somebody(world, session, 120 + number)
            await needed(session, conversation, "danger_now", friday)
            await wrote(
                world,
                session,
                conversation,
                friday + timedelta(minutes=number + 1),
                author=world.workers[Side.SUPERVISION],
            )
    priya = await enter()
    danger, others = await table(priya, "time-to-a-human")
    assert danger[1:5] == ["6", "0", "4 minutes", "6 minutes"]  # the middle of 1 to 6 is 3.5
    assert others[1:] == ["5", "0", "2 days 18 hours", "2 days 18 hours", "2 hours", "2 hours"]
    assert await table(priya, "escalations") == [
        ["May be in danger", "6", "0", "4 minutes", "6 minutes"],
        ["Asked to speak to a person", "5", "5", "None yet", "None yet"],
    ]


async def test_those_who_stopped_week_by_week(world: World, enter: Enter) -> None:
    now = world.clock.now()  # a Monday
    async with world.hub.store.transaction() as session:
        for number in range(10):
            _, conversation = await somebody(world, session, 100 + number)
            await wrote(world, session, conversation, now - timedelta(days=6))
            if number < 2:
                await needed(session, conversation, "stopped", now - timedelta(days=4))
    rows = await table(await enter(), "opt-outs")
    assert len(rows) == 12
    assert rows[-2] == ["23 Feb 2026", "2", "10", "20.0"]
    assert rows[-1] == ["2 Mar 2026", "0", "0", "–"]


async def test_survey_answers_by_question_and_by_provider_and_never_by_worker(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        for number in range(12):
            who = await somebody(world, session, 100 + number)
            course = "the driving course" if number < 6 else "Priya"
            await met(world, session, who, CAME, reminded=False, with_whom=course)
            respected = "yes" if number < 6 or number > 10 else "no"
            await said(world, session, who[0], {"respected": respected, "useful": "5"})
    priya = await enter()
    assert await table(priya, "surveys") == [
        ["How useful was the session?", "12", "12", "100%"],
        ["Did you feel respected there?", "7", "12", "58%"],
    ]
    assert await table(priya, "by-provider-session_feedback") == [
        ["Disposals", "6", "58%"],
        ["the driving course", "6", "100%"],
    ]


async def test_the_two_sides_and_other_agencies_do_not_count(world: World, enter: Enter, autumn: None) -> None:
    ann = await enter(Side.VICTIMS)
    assert (await table(ann, "attendance"))[0] == ["With a reminder", "0", "0", "0", "0", "–"]
    async with world.hub.store.transaction() as session:
        who = await somebody(world, session, 300, role=Role.VICTIM)
        assert who[0].side is Side.VICTIMS
    assert "session_feedback" not in (await ann.get("/outcomes")).text


async def test_a_team_of_fewer_than_three_cannot_be_chosen(world: World, enter: Enter, autumn: None) -> None:
    priya = await enter()
    async with world.hub.store.transaction() as session:
        team = (await session.scalars(select(Team.id).where(Team.name == "Disposals"))).one()
    assert 'name="team"' not in (await priya.get("/outcomes")).text
    assert (await priya.get(f"/outcomes?team={team}")).status_code == 404
    await enter(name="Tom Field")
    await enter(name="Una Reid")
    assert 'name="team"' in (await priya.get("/outcomes")).text
    assert (await table(priya, "attendance", team=str(team)))[0][4] == "12"
    async with world.hub.store.transaction() as session:
        other = Team(agency_id=world.agency_id, name="Bail", side=Side.SUPERVISION)
        session.add(other)
        await session.flush()
        for name in ("Al", "Bo", "Cy"):
            worker = Worker(
                team_id=other.id, role=WorkerRole.WORKER, name=name, first_name=name, email=f"{name}@example.org"
            )
            session.add(worker)
    assert (await table(priya, "attendance", team=str(other.id)))[0][4] == "0"


async def test_periods_are_those_offered_and_nothing_else(enter: Enter, autumn: None) -> None:
    priya = await enter()
    assert (await table(priya, "attendance", period="2026-02"))[0][4] == "12"
    assert (await table(priya, "attendance", period="2026-01"))[0][4] == "0"
    assert (await table(priya, "attendance", period="12-months"))[0][4] == "13"
    for wrong in ("2019-01", "yesterday", "0000-00"):
        assert (await priya.get(f"/outcomes?period={wrong}")).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [(role, 403 if role in {WorkerRole.PROVIDER, WorkerRole.ADMINISTRATOR} else 200) for role in WorkerRole],
)
async def test_who_may_see_figures(enter: Enter, role: WorkerRole, status: int) -> None:
    somebody = await enter(role=role, name="Kit Moor")
    assert (await somebody.get("/outcomes")).status_code == status
    assert (await somebody.get("/outcomes/attendance.csv")).status_code == status


async def test_an_empty_hub_has_a_sentence_for_every_figure_and_a_file_taken_is_recorded(
    world: World, enter: Enter
) -> None:
    priya = await enter()
    page = await priya.get("/outcomes")
    assert page.text.count("There is nothing to count in this period yet.") >= 5
    await priya.get("/outcomes/delivery.csv")
    async with world.hub.store.transaction() as session:
        events = (await session.scalars(select(AuditEvent).where(AuditEvent.what == "figures_exported"))).all()
    assert [event.subject for event in events] == ["figure:delivery"]


async def test_no_name_of_a_worker_stands_in_the_figures(enter: Enter, autumn: None) -> None:
    page = (await (await enter()).get("/outcomes")).text.split("<main")[1]
    assert "Priya" not in page
