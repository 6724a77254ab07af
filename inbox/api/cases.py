"""Cases and their news through the API. Must not know what is told to whom: the hub decides that."""

from datetime import time
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import case_closing, case_dates, conditions
from hub.case_events import record_event
from hub.errors import TextMissing
from hub.store.tables import Case, Update, Worker
from inbox.api.asked import Asked
from inbox.api.paging import Cursor, Limit, Page, take_page
from inbox.api.people import find_person
from inbox.api.problems import Problem, ProblemRoute
from inbox.api.scope import find_case, worker_id
from inbox.api.shapes import (
    CaseClosing,
    CaseDateShown,
    CaseEventMade,
    CaseShown,
    ConditionMade,
    NewCase,
    NewCaseDate,
    NewCaseEvent,
    NewCondition,
    UpdateShown,
)

routes = APIRouter(route_class=ProblemRoute, tags=["Cases"])

CaseId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@routes.post("/cases", status_code=201, response_model=CaseShown)
async def open_a_case(new: NewCase, asked: Asked) -> JSONResponse:
    """Open a case of a person."""

    async def make(session: AsyncSession) -> CaseShown:
        person = await find_person(session, asked, new.person_ref)
        case = Case(
            agency_id=asked.agency_id,
            side=asked.side,
            person=person,
            kind=new.kind,
            reference=new.reference,
            worker_id=await worker_id(session, asked, new.worker_email) or person.worker_id,
            opened_at=new.opened_at,
        )
        session.add(case)
        await session.flush()
        asked.audit(session, "case_opened", f"case:{case.id}", person.id)
        return await _shown(session, case)

    return await asked.once(201, make)


@routes.get("/cases", response_model=Page[CaseShown])
async def list_cases(
    asked: Asked,
    reference: Annotated[str | None, Query(description="Your reference: finds one case.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CaseShown]:
    """List cases; find one by your own reference."""
    wanted = select(Case).where(Case.agency_id == asked.agency_id, Case.side == asked.side)
    if reference is not None:
        wanted = wanted.where(Case.reference == reference)
    async with asked.reading() as session:
        cases, following = await take_page(session, wanted, Case.id, limit, cursor)
        asked.audit(session, "cases_listed", f"agency:{asked.agency_id}", count=len(cases))
        return Page(items=[await _shown(session, case) for case in cases], next=following)


@routes.get("/cases/{case_id}", response_model=CaseShown)
async def show_a_case(case_id: CaseId, asked: Asked) -> CaseShown:
    """One case. The look is recorded."""
    async with asked.reading() as session:
        case = await find_case(session, asked, case_id)
        asked.audit(session, "case_viewed", f"case:{case.id}", case.person_id)
        return await _shown(session, case)


@routes.post("/cases/{case_id}/events", status_code=201, response_model=CaseEventMade)
async def record_news(case_id: CaseId, new: NewCaseEvent, asked: Asked) -> JSONResponse:
    """Record news of a case. The hub tells the person who is owed it."""
    if new.happened_at > asked.hub.clock.now():
        raise Problem(422, "in_the_future", "This has not happened yet. Send it when it has.")

    async def make(session: AsyncSession) -> CaseEventMade:
        case = await find_case(session, asked, case_id)
        try:
            event = await record_event(
                asked.hub, session, asked.actor, case, new.milestone, new.reason, new.happened_at, new.known_at
            )
        except TextMissing as missing:
            sentence = "No text tells people of this milestone. Choose another."
            raise Problem(422, "unknown_milestone", sentence) from missing
        return CaseEventMade(id=event.id, milestone=event.milestone, happened_at=event.happened_at)

    return await asked.once(201, make)


@routes.get("/cases/{case_id}/updates", response_model=list[UpdateShown])
async def list_updates(case_id: CaseId, asked: Asked) -> list[UpdateShown]:
    """What is owed about a case, and was: by when, told or not, and how."""
    async with asked.reading() as session:
        case = await find_case(session, asked, case_id)
        asked.audit(session, "case_viewed", f"case:{case.id}", case.person_id)
        rows = await session.scalars(select(Update).where(Update.case_id == case.id).order_by(Update.id))
        return [_owed(row) for row in rows]


@routes.post("/cases/{case_id}/dates", status_code=201, response_model=CaseDateShown)
async def set_a_date(case_id: CaseId, new: NewCaseDate, asked: Asked) -> JSONResponse:
    """A day of a case that lies ahead: bail return, hearing, end of a service, release. Or call it off."""

    async def make(session: AsyncSession) -> CaseDateShown:
        case = await find_case(session, asked, case_id)
        clock = time.fromisoformat(new.time) if new.time else None
        day = await case_dates.set_date(asked.hub, session, asked.actor, case, new.kind, new.on, clock, new.place)
        if new.called_off:
            await case_dates.call_off(asked.hub, session, asked.actor, day)
        return CaseDateShown(id=day.id, kind=day.kind, on=day.on, called_off=new.called_off)

    return await asked.once(201, make)


@routes.post("/cases/{case_id}/conditions", status_code=201, response_model=ConditionMade)
async def add_a_condition(case_id: CaseId, new: NewCondition, asked: Asked) -> JSONResponse:
    """Something that was agreed to be done. With a day, the person is reminded."""

    async def make(session: AsyncSession) -> ConditionMade:
        case = await find_case(session, asked, case_id)
        made = await conditions.add(asked.hub, session, asked.actor, case, new.words, new.due_on)
        return ConditionMade(id=made.id, due_on=made.due_on)

    return await asked.once(201, make)


@routes.post("/cases/{case_id}/close", response_model=CaseShown)
async def close_a_case(case_id: CaseId, new: CaseClosing, asked: Asked) -> JSONResponse:
    """Close a case. Reminders about it stop, its appointments ahead are called off, and the person is told."""

    async def make(session: AsyncSession) -> CaseShown:
        case = await find_case(session, asked, case_id)
        await case_closing.close(asked.hub, session, asked.actor, case, new.why, new.reason)
        return await _shown(session, case)

    return await asked.once(200, make)


def _owed(row: Update) -> UpdateShown:
    return UpdateShown(
        id=row.id,
        milestone=row.event.milestone if row.event else None,
        kind=row.kind,
        to="named" if row.nomination_id else "person",
        due_on=row.due_on,
        state=row.state.value,
        told_at=row.told_at,
        told_how=row.told_how,
    )


async def _shown(session: AsyncSession, case: Case) -> CaseShown:
    worker = await session.get(Worker, case.worker_id) if case.worker_id else None
    return CaseShown(
        id=case.id,
        reference=case.reference,
        person_ref=case.person.ref,
        kind=case.kind,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        worker_email=worker.email if worker else None,
    )
