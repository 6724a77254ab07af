"""The API does the same request once, and its document says what it does."""

import asyncio

from httpx import AsyncClient
from openapi_core import OpenAPI
from openapi_spec_validator import validate
from sqlalchemy import select

from hub.store.tables import Appointment, IdempotentRequest, Person
from inbox.api import PUBLIC
from tests.data_in.caller import SAM, Caller, count, meeting
from tests.world import World

# --- once -----------------------------------------------------------------------------------------


async def test_the_same_request_twice_is_done_once_and_answered_alike(world: World, supervision: Caller) -> None:
    body = meeting(await supervision.person())
    first = await supervision.ask("POST", "/appointments", json=body, once="k1", status=201)
    again = await supervision.ask("POST", "/appointments", json=body, once="k1", status=201)
    assert again.json() == first.json()
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    assert await count(world, Appointment) == 1


async def test_the_same_key_for_another_request_is_refused(world: World, supervision: Caller) -> None:
    body = meeting(await supervision.person())
    await supervision.post("/appointments", body, once="k1")
    problem = await supervision.post("/appointments", {**body, "minutes": 60}, once="k1", status=422)
    assert problem["code"] == "idempotency_key_used"
    assert await count(world, Appointment) == 1


async def test_two_programs_may_use_the_same_key(world: World, supervision: Caller, victims: Caller) -> None:
    await supervision.post("/people", {**SAM}, once="k1")
    body = {**SAM, "role": "victim", "worker_email": "ann@example.org"}
    await victims.post("/people", body, once="k1")
    assert await count(world, Person) == 2


async def test_five_of_the_same_at_once_make_one_appointment(world: World, supervision: Caller) -> None:
    body = meeting(await supervision.person())
    answers = await asyncio.gather(*(supervision.post("/appointments", body, once="k1") for _ in range(5)))
    assert len({answer["ref"] for answer in answers}) == 1
    assert await count(world, Appointment) == 1


async def test_what_failed_can_be_sent_again_under_its_key(world: World, supervision: Caller) -> None:
    body = {**SAM, "worker_email": "nobody@example.org"}
    await supervision.post("/people", body, once="k1", status=404)
    assert await count(world, IdempotentRequest) == 0
    await supervision.post("/people", SAM, once="k1")


async def test_answers_kept_for_repeats_hold_no_name_or_number(world: World, supervision: Caller) -> None:
    await supervision.post("/people", SAM, once="k1")
    async with world.hub.store.transaction() as session:
        kept = (await session.scalars(select(IdempotentRequest))).one()
    assert set(kept.answer) == {"ref", "role", "language"}


# --- the document ---------------------------------------------------------------------------------


async def test_the_document_is_valid_openapi_and_every_request_needs_a_key(http: AsyncClient) -> None:
    document = (await http.get("/api/openapi.json")).json()
    validate(document)
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    assert len(operations) == 26
    for operation in operations:
        assert operation["security"] == [{"HTTPBearer": []}]
        assert operation["description"]
        assert "application/problem+json" in operation["responses"]["422"]["content"]


async def test_examples_use_only_numbers_kept_for_fiction(http: AsyncClient) -> None:
    text = (await http.get("/api/openapi.json")).text
    assert "07700 900123" in text
    assert "+447700900123" in text


async def test_the_page_for_people_reads_without_javascript_and_explains_every_code(
    http: AsyncClient,
) -> None:
    page = (await http.get("/api/docs")).text
    assert "<script" not in page
    assert "POST /api/v1/appointments" in page
    assert 'id="shared_number"' in page


async def test_only_the_two_pages_that_tell_how_need_no_key(http: AsyncClient, document: OpenAPI) -> None:
    for path in PUBLIC:
        assert (await http.get(path)).status_code == 200
