"""Importing into the store: all of a file or nothing, the same file again changes nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from hub.errors import NotFound
from hub.people import name_of
from hub.states import NudgeState
from hub.store.tables import Appointment, AuditEvent, Case, ContactPoint, Nudge, Person, Table
from hub.words import AppointmentState, Side
from integrations.case_systems.csv_import import (
    ImportResult,
    import_appointments,
    import_cases,
    import_people,
    read_appointments,
    read_cases,
    read_people,
)
from integrations.case_systems.sample import make
from tests.data_in.files import APPOINTMENT, CASE, PERSON, csv_of
from tests.world import World

SUPERVISION = Side.SUPERVISION


async def people_in(
    world: World, *changes: dict[str, str], side: Side = SUPERVISION, dry_run: bool = False
) -> ImportResult:
    report = read_people(csv_of(PERSON, *changes), fictional=True)
    return await import_people(
        world.hub, report, agency_id=world.agency_id, side=side, actor="worker:1", dry_run=dry_run
    )


async def cases_in(world: World, *changes: dict[str, str]) -> ImportResult:
    report = read_cases(csv_of(CASE, *changes))
    return await import_cases(world.hub, report, agency_id=world.agency_id, side=SUPERVISION, actor="worker:1")


async def appointments_in(
    world: World, *changes: dict[str, str], side: Side = SUPERVISION, dry_run: bool = False
) -> ImportResult:
    report = read_appointments(csv_of(APPOINTMENT, *changes))
    return await import_appointments(
        world.hub, report, agency_id=world.agency_id, side=side, actor="worker:1", dry_run=dry_run
    )


async def count(world: World, table: type[Table]) -> int:
    async with world.hub.store.transaction() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def only(world: World, table: type[Table]) -> Table:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(table))).one()


def counts(result: ImportResult) -> tuple[int, int, int]:
    assert result.sentences() == []
    return result.created, result.changed, result.unchanged


# --- people ---------------------------------------------------------------------------------------


async def test_people_are_made_once_and_found_again_by_their_reference(world: World) -> None:
    assert counts(await people_in(world)) == (1, 0, 0)
    assert counts(await people_in(world)) == (0, 0, 1)
    person = await only(world, Person)
    assert isinstance(person, Person)
    assert name_of(world.hub, person) == "Sam Carter"
    assert person.worker_id == world.workers[SUPERVISION]


async def test_a_new_name_language_and_number_bring_a_person_up_to_date_and_keep_the_old_number(
    world: World,
) -> None:
    await people_in(world, {"discreet": "yes"})
    change = {"name": "Sam Jones", "language": "Welsh", "mobile": "07700 900456", "discreet": ""}
    assert counts(await people_in(world, change)) == (0, 1, 0)
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        contacts = (await session.scalars(select(ContactPoint).order_by(ContactPoint.id))).all()
    assert (name_of(world.hub, person), person.language) == ("Sam Jones", "cy")
    assert [(way.preferred, way.discreet) for way in contacts] == [(False, True), (True, True)]


async def test_an_empty_cell_takes_nothing_away(world: World) -> None:
    await people_in(world, {"discreet": "yes", "language": "cy"})
    nothing = {"mobile": "", "discreet": "", "language": "", "worker_email": "", "preferred_name": ""}
    assert counts(await people_in(world, nothing)) == (0, 0, 1)


@pytest.mark.parametrize(
    ("rows", "row", "column", "said"),
    [
        ([{}, {"mobile": "07700 900456"}], 3, "person_ref", "The same person is in row 2"),
        ([{}, {"person_ref": "P2", "mobile": "+447700900123"}], 3, "mobile", "another person's in row 2"),
        ([{"worker_email": "nobody@example.org"}], 2, "worker_email", "No worker"),
        ([{"worker_email": "ann@example.org"}], 2, "worker_email", "No worker"),  # of the other side
        ([{"role": "victim"}], 2, "role", "cannot be on the side of supervision"),
    ],
)
async def test_a_mistake_in_one_row_leaves_the_whole_file_out(
    world: World, rows: list[dict[str, str]], row: int, column: str, said: str
) -> None:
    good = {"person_ref": "P9", "mobile": "07700 900999"}
    result = await people_in(world, *rows, good)
    assert [(problem.row, problem.column) for problem in result.problems] == [(row, column)]
    assert said in result.problems[0].sentence
    assert (result.created, await count(world, Person)) == (0, 0)


async def test_a_number_of_another_person_is_refused_on_the_same_side_and_taken_on_the_other(
    world: World,
) -> None:
    await people_in(world)
    result = await people_in(world, {"person_ref": "P2"})
    assert [(problem.row, problem.column) for problem in result.problems] == [(2, "mobile")]
    victim = {"role": "victim", "worker_email": "ann@example.org"}
    assert counts(await people_in(world, victim, side=Side.VICTIMS)) == (1, 0, 0)


async def test_a_dry_run_counts_and_changes_nothing(world: World) -> None:
    result = await people_in(world, dry_run=True)
    assert counts(result) == (1, 0, 0)
    assert (await count(world, Person), await count(world, AuditEvent)) == (0, 0)


async def test_what_was_imported_is_in_the_audit_without_a_name_or_number(world: World) -> None:
    await people_in(world)
    async with world.hub.store.transaction() as session:
        events = (await session.scalars(select(AuditEvent))).all()
    assert [event.what for event in events] == ["person_created", "people_imported"]
    told = " ".join(f"{event.subject} {event.details}" for event in events)
    assert "Sam" not in told
    assert "900123" not in told


async def test_an_agency_that_does_not_exist_is_refused(world: World) -> None:
    report = read_people(csv_of(PERSON), fictional=True)
    with pytest.raises(NotFound):
        await import_people(world.hub, report, agency_id=999, side=SUPERVISION, actor="worker:1")


# --- cases ----------------------------------------------------------------------------------------


async def test_cases_are_opened_once_and_brought_up_to_date(world: World) -> None:
    await people_in(world)
    assert counts(await cases_in(world)) == (1, 0, 0)
    assert counts(await cases_in(world)) == (0, 0, 1)
    assert counts(await cases_in(world, {"kind": "bail"})) == (0, 1, 0)
    case = await only(world, Case)
    assert isinstance(case, Case)
    assert (case.kind, case.opened_at) == ("bail", datetime(2026, 2, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("change", "column", "said"),
    [
        ({"person_ref": "P7"}, "person_ref", "Import the people first"),
        ({"opened_on": "03/03/2026"}, "opened_on", "has not come yet"),
        ({"worker_email": "nobody@example.org"}, "worker_email", "No worker"),
    ],
)
async def test_a_mistake_in_a_case_is_told(world: World, change: dict[str, str], column: str, said: str) -> None:
    await people_in(world)
    (problem,) = (await cases_in(world, change)).problems
    assert (problem.row, problem.column) == (2, column)
    assert said in problem.sentence
    assert await count(world, Case) == 0


async def test_a_case_of_another_person_is_not_taken_over(world: World) -> None:
    await people_in(world, {}, {"person_ref": "P2", "mobile": ""})
    await cases_in(world)
    (problem,) = (await cases_in(world, {"person_ref": "P2"})).problems
    assert "another person's" in problem.sentence


# --- appointments ---------------------------------------------------------------------------------


async def test_an_appointment_is_made_with_its_reminders_planned(world: World) -> None:
    await people_in(world)
    assert counts(await appointments_in(world)) == (1, 0, 0)
    appointment = await only(world, Appointment)
    assert isinstance(appointment, Appointment)
    assert appointment.starts_at == datetime(2026, 12, 31, 14, tzinfo=UTC)
    assert (appointment.minutes, appointment.bring, appointment.proof_wanted) == (45, "photo ID", True)
    assert appointment.worker_id == world.workers[SUPERVISION]
    assert await count(world, Nudge) > 0


async def test_a_summer_time_is_kept_as_the_clock_on_the_wall(world: World) -> None:
    await people_in(world)
    await appointments_in(world, {"date": "1/7/2026", "time": "2pm"})
    appointment = await only(world, Appointment)
    assert isinstance(appointment, Appointment)
    assert appointment.starts_at == datetime(2026, 7, 1, 13, tzinfo=UTC)


async def test_the_same_file_again_changes_nothing_even_after_its_day_has_passed(world: World) -> None:
    await people_in(world)
    await appointments_in(world)
    nudges = await count(world, Nudge)
    assert counts(await appointments_in(world)) == (0, 0, 1)
    world.clock.push(timedelta(days=400))
    assert counts(await appointments_in(world)) == (0, 0, 1)
    assert await count(world, Nudge) == nudges


async def test_a_new_time_moves_the_appointment_and_plans_its_reminders_again(world: World) -> None:
    await people_in(world)
    await appointments_in(world)
    before = {nudge.occurrence for nudge in await planned(world)}
    assert counts(await appointments_in(world, {"date": "15/01/2027"})) == (0, 1, 0)
    after = {nudge.occurrence for nudge in await planned(world)}
    assert before == {datetime(2026, 12, 31, 14, tzinfo=UTC)}
    assert after == {datetime(2027, 1, 15, 14, tzinfo=UTC)}
    assert await count(world, Appointment) == 1


async def planned(world: World) -> list[Nudge]:
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(Nudge).where(Nudge.state == NudgeState.PLANNED)))


async def test_another_place_changes_the_appointment_without_moving_it(world: World) -> None:
    await people_in(world)
    await appointments_in(world)
    assert counts(await appointments_in(world, {"place": "2 Mill Lane"})) == (0, 1, 0)
    appointment = await only(world, Appointment)
    assert isinstance(appointment, Appointment)
    assert appointment.place == "2 Mill Lane"


@pytest.mark.parametrize(
    ("changes", "row", "column", "said"),
    [
        ([{"person_ref": "P7"}], 2, "person_ref", "Import the people first"),
        ([{"worker_email": "nobody@example.org"}], 2, "worker_email", "No worker"),
        ([{"date": "01/03/2026"}], 2, "date", "has passed"),
        ([{"date": "28/03/2027", "time": "01:30"}], 2, "time", "clocks go forward"),
        ([{}, {"date": "01/06/2026"}], 3, "appointment_id", "The same appointment is in row 2"),
        ([{}, {"appointment_id": "A2"}], 3, "time", "another appointment then, in row 2"),
    ],
)
async def test_a_mistake_in_an_appointment_leaves_the_whole_file_out(
    world: World, changes: list[dict[str, str]], row: int, column: str, said: str
) -> None:
    await people_in(world)
    good = {"appointment_id": "A9", "date": "30/11/2026"}
    result = await appointments_in(world, *changes, good)
    assert [(problem.row, problem.column) for problem in result.problems] == [(row, column)]
    assert said in result.problems[0].sentence
    assert (await count(world, Appointment), await count(world, Nudge)) == (0, 0)


async def test_the_hour_that_the_autumn_repeats_means_its_first(world: World) -> None:
    await people_in(world)
    await appointments_in(world, {"date": "25/10/2026", "time": "01:30"})
    appointment = await only(world, Appointment)
    assert isinstance(appointment, Appointment)
    assert appointment.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


async def test_an_appointment_that_has_ended_here_is_not_moved(world: World) -> None:
    await people_in(world)
    await appointments_in(world)
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(Appointment))).one().state = AppointmentState.CANCELLED
    assert counts(await appointments_in(world)) == (0, 0, 1)
    (problem,) = (await appointments_in(world, {"date": "15/01/2027"})).problems
    assert "is cancelled here" in problem.sentence


async def test_an_appointment_is_not_handed_to_another_person(world: World) -> None:
    await people_in(world, {}, {"person_ref": "P2", "mobile": ""})
    await appointments_in(world)
    (problem,) = (await appointments_in(world, {"person_ref": "P2"})).problems
    assert "another person's" in problem.sentence


async def test_people_of_the_other_side_are_not_found(world: World) -> None:
    await people_in(world)
    result = await appointments_in(world, {"worker_email": ""}, side=Side.VICTIMS)
    assert "Nobody here" in result.problems[0].sentence


async def test_a_dry_run_of_appointments_leaves_nothing(world: World) -> None:
    await people_in(world)
    assert counts(await appointments_in(world, dry_run=True)) == (1, 0, 0)
    assert (await count(world, Appointment), await count(world, Nudge)) == (0, 0)


@pytest.mark.slow
async def test_five_hundred_appointments_go_in_and_come_again_unchanged(world: World) -> None:
    sample = make(500, seed=7, start=date(2026, 3, 16))
    assert counts(await people_in(world, *map(dict, sample.people))) == (300, 0, 0)
    assert counts(await cases_in(world, *map(dict, sample.cases))) == (300, 0, 0)
    assert counts(await appointments_in(world, *map(dict, sample.appointments))) == (500, 0, 0)
    assert counts(await people_in(world, *map(dict, sample.people))) == (0, 0, 300)
    assert counts(await appointments_in(world, *map(dict, sample.appointments))) == (0, 0, 500)


# --- what repeats ---------------------------------------------------------------------------------


WEEKLY = {"appointment_id": "R1", "date": "10/03/2026", "repeats": "every Tuesday"}


async def test_a_row_that_repeats_makes_its_coming_weeks_and_again_changes_nothing(world: World) -> None:
    await people_in(world)
    assert (await appointments_in(world, WEEKLY)).created == 1
    assert await count(world, Appointment) == 7
    again = await appointments_in(world, WEEKLY)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 1)
    assert await count(world, Appointment) == 7


async def test_another_time_in_the_file_moves_the_whole_series(world: World) -> None:
    await people_in(world)
    await appointments_in(world, WEEKLY)
    assert (await appointments_in(world, WEEKLY | {"time": "3.30pm"})).changed == 1
    async with world.hub.store.transaction() as session:
        starts = (await session.scalars(select(Appointment.starts_at).order_by(Appointment.starts_at))).all()
    assert {moment.minute for moment in starts} == {30}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"repeats": "now and then"}, "It is not clear when this repeats"),
        ({"repeats": "every Friday"}, "does not fall on its first day"),
        ({"date": "06/01/2026", "repeats": "every Tuesday, 3 times"}, "None of its days lies ahead"),
    ],
)
async def test_what_cannot_repeat_like_that_is_told_by_row(world: World, change: dict[str, str], said: str) -> None:
    await people_in(world)
    result = await appointments_in(world, WEEKLY | change)
    assert [problem.column for problem in result.problems] == ["repeats"]
    assert said in result.problems[0].sentence
