"""A worker asks somebody to take part, sees why not, what was said and changed, and notes what to mind."""

import pytest
from sqlalchemy import select

from hub.marks import marks_of
from hub.states import SurveyState
from hub.store.tables import AuditEvent, ContactPoint, Person, SurveyRun
from hub.surveys import answers
from hub.words import Role, Side, WorkerRole
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow

VERA, SURVEY = "+447700900202", "victim_satisfaction"


async def vera(world: World, *, safe: bool = True) -> str:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=VERA, safe=safe)
        return f"/people/{person.ref}/surveys"


async def test_a_worker_invites_and_sees_it(world: World, enter: Enter) -> None:
    tab, ann = await vera(world), await enter(Side.VICTIMS)
    assert "Invite them" in (await ann.get(f"{tab}/invite")).text
    done = await ann.post(f"{tab}/invite", survey=SURVEY)
    assert done.headers["location"] == f"{tab}?done=invited"
    page = (await ann.get(done.headers["location"])).text
    assert "They are invited at the next hour" in page
    assert "How we treated you, asked on" in page
    assert "They have been asked, and can still answer." in (await ann.get(f"{tab}/invite")).text
    await world.push(minutes=5)
    assert len(world.heard(VERA)) == 1


async def test_whoever_may_not_be_asked_is_not_and_the_page_says_why(world: World, enter: Enter) -> None:
    tab, ann = await vera(world, safe=False), await enter(Side.VICTIMS)
    page = (await ann.get(f"{tab}/invite")).text
    assert "How we treated you: not now" in page
    assert "Nobody has recorded yet whether it is safe to write to them there" in page
    assert "Invite them" not in page
    refused = await ann.post(f"{tab}/invite", survey=SURVEY)
    assert refused.status_code == 422
    assert "They cannot be asked now." in refused.text
    for chosen in ("", "session_feedback", "no_such"):
        assert "Select what you ask them." in (await ann.post(f"{tab}/invite", survey=chosen)).text
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(SurveyRun))).all() == []
    assert "Not asked to take part in a survey" in (await ann.get(tab.replace("surveys", "history"))).text


async def test_what_is_noted_decides_who_is_asked_and_is_audited(world: World, enter: Enter) -> None:
    tab, ann = await vera(world), await enter(Side.VICTIMS)
    wrong = await ann.post(f"{tab}/marks", bereaved="yes", bereaved_day="2027-01-01", under_18="yes", under_18_day="no")
    assert wrong.status_code == 422
    assert "Enter a day that has passed" in wrong.text
    assert "Enter a day, such as" in wrong.text
    await ann.post(f"{tab}/marks", bereaved="yes", bereaved_day="2026-02-20", domestic_abuse="yes")
    page = (await ann.get(tab)).text
    assert "Domestic abuse; Bereaved (since 20/02/2026)" in page
    assert "They were bereaved not long ago" in (await ann.get(f"{tab}/invite")).text
    await ann.post(f"{tab}/marks", domestic_abuse="yes")
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        assert set(await marks_of(session, person.id)) == {"domestic_abuse"}
        whats = select(AuditEvent).where(AuditEvent.what.like("mark_%")).order_by(AuditEvent.id)
        told = [(event.what, event.details["mark"]) for event in await session.scalars(whats)]
    assert sorted(told[:2]) == [("mark_set", "bereaved"), ("mark_set", "domestic_abuse")]
    assert told[2:] == [("mark_taken_out", "bereaved")]
    assert "Taken out: Bereaved" in (await ann.get(tab.replace("surveys", "history"))).text


async def test_answers_are_shown_with_what_stood_there_before(world: World, enter: Enter) -> None:
    tab, ann = await vera(world), await enter(Side.VICTIMS)
    await ann.post(f"{tab}/invite", survey=SURVEY)
    async with world.hub.store.transaction() as session:
        run = (await session.scalars(select(SurveyRun))).one()
        for said in ("2", "5"):
            await answers.answer(world.hub, session, run, "fair_treatment", said, "sms")
        await answers.answer(world.hub, session, run, "own_words", "Thank you all")
    page = (await ann.get(f"{tab}/{run.id}")).text
    assert "5 of 5" in page
    assert "Before: 2 of 5" in page
    assert "by text; changed" in page
    assert "“Thank you all”" in page
    assert f"{tab}/{run.id}" in (await ann.get(tab)).text
    async with world.hub.store.transaction() as session:
        seen = select(AuditEvent.subject).where(AuditEvent.what == "survey_viewed")
        assert (await session.scalars(seen)).all() == [f"survey_run:{run.id}"]


async def test_nobody_of_the_other_side_and_no_provider_sees_any_of_it(world: World, enter: Enter) -> None:
    tab, ann = await vera(world), await enter(Side.VICTIMS)
    await ann.post(f"{tab}/invite", survey=SURVEY)
    for page in ("/invite", "/marks", "/1"):
        assert (await (await enter()).get(tab + page)).status_code == 404
        provider = await enter(Side.VICTIMS, role=WorkerRole.PROVIDER, name=f"Kit {page}")
        assert (await provider.get(tab + page)).status_code == 403
    assert (await (await enter()).post(f"{tab}/marks", under_18="yes")).status_code == 404
    ann = await enter(Side.VICTIMS, name="Ann Other", role=WorkerRole.SUPERVISOR)
    assert (await ann.get(f"{tab}/999")).status_code == 404


async def test_a_supervisor_invites_the_team_and_sees_how_many_and_why_not(world: World, enter: Enter) -> None:
    await vera(world)
    async with world.hub.store.transaction() as session:
        await world.person(session, role=Role.VICTIM, name="Ida Moss", address="+447700900203", safe=False)
    place = f"/surveys/{SURVEY}/invite"
    mia = await enter(Side.VICTIMS, role=WorkerRole.SUPERVISOR, name="Mia Field")
    page = (await mia.get(place)).text
    assert "1 person can be asked now" in page
    assert "Nobody has recorded yet whether it is safe" in page
    assert "0 people can be asked now" in (await mia.get(f"{place}?language=cy")).text
    done = await mia.post(place)
    assert "1 person is invited" in (await mia.get(done.headers["location"])).text
    async with world.hub.store.transaction() as session:
        asked = list(await session.scalars(select(SurveyRun.person_id)))
        safe = await session.scalars(select(ContactPoint.person_id).where(ContactPoint.safe_asked_at.is_not(None)))
        assert asked == safe.all()
    assert (await (await enter(Side.VICTIMS, name="Ann Two")).get(place)).status_code == 403
    assert (await (await enter(role=WorkerRole.SUPERVISOR, name="Tom")).get(place)).status_code == 404


async def test_the_survey_says_who_is_not_asked(enter: Enter) -> None:
    page = (await (await enter(Side.VICTIMS)).get(f"/surveys/{SURVEY}")).text
    assert "They were bereaved not long ago (12 weeks)" in page
    assert "Enough people have been asked for now: 1,000 answered within 30 days, by agency" in page
    assert "Asked by itself when a case has closed" in page


async def test_results_show_who_did_not_answer_and_hide_few(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        for number in range(24):
            person, _ = await world.person(
                session, role=Role.VICTIM, name=f"Vera {number}", address=f"+4477009003{number:02}"
            )
            person.language = "cy" if number < 12 else "en"
            if number >= 22:
                person.worker_id = None
            answered, now = number % 12 < 6, world.clock.now()
            run = SurveyRun(
                survey=SURVEY, person_id=person.id, state=SurveyState.INVITED if answered else SurveyState.DECLINED,
                invited_at=now, state_at=now, expires_at=now,
            )  # fmt: skip
            session.add(run)
            await session.flush()
            if answered:
                await answers.answer(world.hub, session, run, "fair_treatment", "4")
    world.clock.push_to(world.clock.now().replace(hour=12))
    ann = await enter(Side.VICTIMS)
    text = (await ann.get(f"/surveys/{SURVEY}/results.csv")).text.replace('"', "")
    assert "Who did not answer, by language,Welsh,6,50%,12" in text
    assert "by team,No worker yet,Too few to show,Too few to show,Too few to show" in text
    assert "by team,Victim care,Too few to show" in text, "else the small one could be worked out"
    page = (await ann.get(f"/surveys/{SURVEY}/results")).text
    assert "Who did not answer, by language" in page
    assert "<svg" in page
