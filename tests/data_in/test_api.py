"""The API as another program meets it; every answer is checked against the OpenAPI document."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hub import api_keys
from hub.errors import MoveNotAllowed
from hub.store.tables import ApiKey, Appointment, Nudge, Person
from tests.data_in.caller import SAM, TIME, Caller, audited, count, meeting
from tests.world import World

# --- keys -----------------------------------------------------------------------------------------


async def test_a_key_says_what_it_is_good_for(supervision: Caller) -> None:
    assert await supervision.get("/check") == {
        "agency": "Northshire",
        "side": "supervision",
        "now": "2026-03-02T10:00:00Z",
    }


@pytest.mark.parametrize("token", ["", "hk_", "hk_wrong", "something else"])
async def test_without_a_key_that_works_nothing_is_answered(supervision: Caller, token: str) -> None:
    supervision.token = token
    problem = await supervision.get("/people", status=401)
    assert problem["code"] == "key_needed"


async def test_a_revoked_key_stops_working_at_once_and_is_not_revoked_twice(world: World, supervision: Caller) -> None:
    await supervision.get("/check")
    async with world.hub.store.transaction() as session:
        (key,) = await api_keys.of_agency(session, world.agency_id)
        await api_keys.revoke(world.hub, session, "worker:1", key)
        with pytest.raises(MoveNotAllowed):
            await api_keys.revoke(world.hub, session, "worker:1", key)
    await supervision.get("/check", status=401)
    assert await audited(world) == ["api_key_created", "api_key_revoked"]


async def test_the_store_keeps_no_key_that_could_be_used(world: World, supervision: Caller) -> None:
    async with world.hub.store.transaction() as session:
        key = (await session.scalars(select(ApiKey))).one()
    assert supervision.token.startswith("hk_")
    assert supervision.token.encode() not in key.key_hash
    assert len(key.key_hash) == 32


# --- people ---------------------------------------------------------------------------------------


async def test_a_person_is_made_found_by_your_reference_and_shown_in_full(world: World, supervision: Caller) -> None:
    ref = await supervision.person()
    listed = await supervision.get("/people?external_ref=P1")
    assert [person["ref"] for person in listed["items"]] == [ref]
    shown = await supervision.get(f"/people/{ref}")
    assert (shown["name"], shown["external_ref"]) == ("Sam Carter", "P1")
    assert [contact["address"] for contact in shown["contacts"]] == ["+447700900123"]
    assert shown["worker_email"] == "priya@example.org"


async def test_lists_carry_no_name_or_number_and_each_look_is_recorded(world: World, supervision: Caller) -> None:
    ref = await supervision.person()
    listed = (await supervision.ask("GET", "/people")).text
    assert "Sam" not in listed
    assert "900123" not in listed
    await supervision.get(f"/people/{ref}")
    assert await audited(world) == ["api_key_created", "person_created", "people_listed", "person_viewed"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"mobile": "020 7946 0123"}, 422, "landline"),
        ({"mobile": "0909 879 0123"}, 422, "bad_address"),
        ({"role": "victim"}, 422, "role_of_other_side"),
        ({"role": "offender"}, 422, "invalid_request"),
        ({"name": " "}, 422, "invalid_request"),
        ({"name": "Sam\nCarter"}, 422, "invalid_request"),
        ({"nickname": "Sam"}, 422, "invalid_request"),
        ({"worker_email": "ann@example.org"}, 404, "not_found"),  # of the other side
        ({"external_ref": "P2"}, 409, "shared_number"),
        ({"mobile": "07700 900456"}, 409, "already_there"),
    ],
)
async def test_a_wrong_person_is_refused_with_a_code_and_a_sentence(
    world: World, supervision: Caller, change: dict[str, Any], status: int, code: str
) -> None:
    await supervision.person()
    problem = await supervision.post("/people", {**SAM, **change}, status=status)
    assert (problem["code"], problem["status"]) == (code, status)
    assert problem["title"].endswith(".")
    assert await count(world, Person) == 1


async def test_a_problem_repeats_nothing_of_what_was_sent(supervision: Caller) -> None:
    problem = await supervision.ask("POST", "/people", json={**SAM, "name": 7, "mobile": ["07700 900123"]}, status=422)
    assert "900123" not in problem.text
    assert {field["field"] for field in problem.json()["fields"]} == {"body.name", "body.mobile"}


async def test_a_long_list_comes_in_pages_without_gaps_or_repeats(supervision: Caller) -> None:
    made = [await supervision.person(external_ref=f"P{i}", mobile=None) for i in range(5)]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = await supervision.get(f"/people?limit=2{cursor and f'&cursor={cursor}'}")
        seen += [person["ref"] for person in page["items"]]
        cursor = page["next"]
    assert seen == made


async def test_a_cursor_that_is_not_ours_is_refused(supervision: Caller) -> None:
    assert (await supervision.get("/people?cursor=nonsense!", status=422))["code"] == "bad_cursor"


# --- appointments ---------------------------------------------------------------------------------


async def test_an_appointment_is_made_moved_and_cancelled_and_its_reminders_follow(
    world: World, supervision: Caller
) -> None:
    ref = await supervision.appointment(await supervision.person())
    assert await count(world, Nudge) > 0
    moved = await supervision.patch(f"/appointments/{ref}", {"starts_at": "2026-04-20T14:00:00+01:00"})
    assert moved["starts_at"] == "2026-04-20T13:00:00Z"
    cancelled = await supervision.patch(f"/appointments/{ref}", {"state": "cancelled"})
    assert cancelled["state"] == "cancelled"
    assert (await supervision.patch(f"/appointments/{ref}", {"starts_at": TIME}, status=409))[
        "code"
    ] == "move_not_allowed"


async def test_how_it_went_can_be_said_once_it_has_begun(world: World, supervision: Caller) -> None:
    ref = await supervision.appointment(await supervision.person())
    await supervision.patch(f"/appointments/{ref}", {"state": "attended"}, status=409)
    world.clock.push(timedelta(days=19))
    assert (await supervision.patch(f"/appointments/{ref}", {"state": "attended"}))["state"] == "attended"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"starts_at": "2026-03-01T10:00:00+00:00"}, 422, "in_the_past"),
        ({"starts_at": "2026-03-20T14:00:00"}, 422, "invalid_request"),  # without a zone
        ({"place": ""}, 422, "invalid_request"),
        ({"minutes": 0}, 422, "invalid_request"),
        ({"person_ref": "NOBODY"}, 404, "not_found"),
        ({"case_id": 999}, 404, "not_found"),
    ],
)
async def test_a_wrong_appointment_is_refused_with_a_code(
    world: World, supervision: Caller, change: dict[str, Any], status: int, code: str
) -> None:
    body = {**meeting(await supervision.person()), **change}
    assert (await supervision.post("/appointments", body, status=status))["code"] == code
    assert await count(world, Appointment) == 0


@pytest.mark.parametrize("change", [{}, {"state": "planned"}, {"state": "missed", "starts_at": TIME}, {"place": "x"}])
async def test_a_change_is_one_thing_at_a_time(supervision: Caller, change: dict[str, Any]) -> None:
    ref = await supervision.appointment(await supervision.person())
    await supervision.patch(f"/appointments/{ref}", change, status=422)


async def test_appointments_are_found_by_person_time_state_and_your_reference(supervision: Caller) -> None:
    person = await supervision.person()
    first = await supervision.appointment(person, external_id="A1")
    second = await supervision.appointment(person, starts_at="2026-04-20T14:00:00+01:00")
    assert (await supervision.get(f"/appointments/{first}"))["external_id"] == "A1"
    for query, expected in {
        f"person_ref={person}": [first, second],
        "external_id=A1": [first],
        "starts_from=2026-04-01T00:00:00Z": [second],
        "starts_before=2026-04-01T00:00:00Z": [first],
        "state=attended": [],
    }.items():
        found = await supervision.get(f"/appointments?{query}")
        assert [appointment["ref"] for appointment in found["items"]] == expected, query


# --- cases ----------------------------------------------------------------------------------------


async def test_a_case_is_opened_found_and_gets_news(world: World, victims: Caller) -> None:
    person = await victims.person(role="victim", worker_email="ann@example.org")
    body = {
        "reference": "V1",
        "person_ref": person,
        "kind": "victim_care",
        "opened_at": "2026-02-01T09:00:00Z",
    }
    case = await victims.post("/cases", body)
    assert (case["person_ref"], case["worker_email"]) == (person, "ann@example.org")
    assert await victims.get(f"/cases/{case['id']}") == case
    assert (await victims.get("/cases?reference=V1"))["items"] == [case]
    news = {
        "milestone": "charged",
        "reason": "There is enough evidence.",
        "happened_at": "2026-03-02T09:00:00Z",
    }
    assert (await victims.post(f"/cases/{case['id']}/events", news))["milestone"] == "charged"
    strange = await victims.post(f"/cases/{case['id']}/events", {**news, "milestone": "teleported"}, status=422)
    assert strange["code"] == "unknown_milestone"
    silent = await victims.post(f"/cases/{case['id']}/events", {**news, "reason": ""}, status=422)
    assert silent["code"] == "reason_missing"
    owed = await victims.get(f"/cases/{case['id']}/updates")
    told = [(each["milestone"], each["kind"], each["due_on"], each["state"]) for each in owed]
    assert told == [(None, "word", "2026-03-30", "owed"), ("charged", "news", "2026-03-09", "owed")]
    closing = await victims.post(f"/cases/{case['id']}/close", {"why": "ended"}, status=422)
    assert closing["code"] == "reason_missing"
    future = {**news, "happened_at": "2026-03-03T09:00:00Z"}
    assert (await victims.post(f"/cases/{case['id']}/events", future, status=422))["code"] == "in_the_future"
    assert (await victims.post("/cases", body, status=409))["code"] == "already_there"


# --- sides ----------------------------------------------------------------------------------------


async def test_a_key_of_one_side_finds_nothing_of_the_other(supervision: Caller, victims: Caller) -> None:
    person = await supervision.person()
    appointment = await supervision.appointment(person)
    case_body = {"reference": "C1", "person_ref": person, "kind": "bail", "opened_at": "2026-02-01T09:00:00Z"}
    case = (await supervision.post("/cases", case_body))["id"]
    for path in (f"/people/{person}", f"/appointments/{appointment}", f"/cases/{case}"):
        assert (await victims.get(path, status=404))["code"] == "not_found"
    for path in ("/people", "/people?external_ref=P1", "/appointments", "/cases", "/cases?reference=C1"):
        assert (await victims.get(path))["items"] == []
    await victims.patch(f"/appointments/{appointment}", {"state": "cancelled"}, status=404)
    await victims.post("/appointments", meeting(person), status=404)
    await victims.post("/cases", case_body, status=404)
    await victims.get(f"/appointments?person_ref={person}", status=404)


# --- what repeats, and the days of a case ---------------------------------------------------------


async def test_an_appointment_that_repeats_is_made_listed_changed_and_ended(world: World, supervision: Caller) -> None:
    person = await supervision.person()
    made = await supervision.post("/appointments", meeting(person, repeats="every Friday", external_id="R1"))
    (series,) = (await supervision.get("/appointment-series?external_id=R1"))["items"]
    assert (made["starts_at"][:16], made["series_ref"]) == ("2026-03-20T14:00", series["ref"])
    assert (series["repeats"], series["time"]) == ("every week on Friday", "14:00")
    before = await count(world, Appointment)
    assert before == 6
    changed = await supervision.patch(f"/appointment-series/{series['ref']}", {"time": "15:30"})
    assert changed["time"] == "15:30"
    ended = await supervision.patch(f"/appointment-series/{series['ref']}", {"last_on": "2026-04-01"})
    assert ended["ended_on"] == "2026-04-01"
    standing = (await supervision.get("/appointments?state=planned"))["items"]
    assert [item["starts_at"][:16] for item in standing] == ["2026-03-20T15:30", "2026-03-27T15:30"]


async def test_a_rhythm_that_is_none_or_of_another_day_is_refused(supervision: Caller) -> None:
    person = await supervision.person()
    for words in ("now and then", "every Monday"):
        problem = await supervision.post("/appointments", meeting(person, repeats=words), status=422)
        assert problem["code"] == "bad_repeats"


async def test_a_series_of_the_other_side_is_not_there(supervision: Caller, victims: Caller) -> None:
    await supervision.post("/appointments", meeting(await supervision.person(), repeats="every Friday"))
    (series,) = (await supervision.get("/appointment-series"))["items"]
    assert (await victims.get("/appointment-series"))["items"] == []
    await victims.patch(f"/appointment-series/{series['ref']}", {"last_on": "2026-04-01"}, status=404)


async def test_days_of_a_case_and_conditions_plan_their_reminders(world: World, supervision: Caller) -> None:
    person = await supervision.person()
    opened = {"reference": "C1", "person_ref": person, "kind": "bail", "opened_at": "2026-03-01T00:00:00Z"}
    case = (await supervision.post("/cases", opened))["id"]
    hearing = {"kind": "hearing", "on": "2026-03-20", "time": "09:30", "place": "Northshire Court"}
    await supervision.post(f"/cases/{case}/dates", hearing)
    await supervision.post(f"/cases/{case}/conditions", {"words": "Finish the course", "due_on": "2026-03-20"})
    assert await count(world, Nudge) == 6  # two of the hearing, four of the condition
    called_off = await supervision.post(f"/cases/{case}/dates", {**hearing, "called_off": True})
    assert called_off["called_off"] is True
    async with world.hub.store.transaction() as session:
        planned = list(await session.scalars(select(Nudge.subject_kind).where(Nudge.state == "planned")))
    assert planned == ["condition"] * 4
