"""SUPPORT: what kind of help, which area, the two best services, and whether they may call. Consent is kept with it.

What was asked for is one row; each question is known by its text. Knows no screen.
"""

from collections.abc import Awaitable, Callable, Mapping

from hub import services, support_areas, when_safe
from hub.answering import Kind, takes_answers
from hub.handling import Handling
from hub.promises import promise
from hub.repair import repair
from hub.services import Service
from hub.states import check_move
from hub.states_of_care import SUPPORT_MOVES, SupportState
from hub.store.tables import SupportRequest
from hub.support_data import SupportData
from hub.tellings import tells
from hub.when_safe import told_when_safe
from hub.words import Awaiting, Role, Side

ABOUT = "support_request"
FOUND = ("services.found", "services.from_worker")
FAMILY = "family"  # of flows/services/needs.yml: for those who stand by somebody
_OR = {"en": "or", "cy": "neu"}


async def begin(handling: Handling) -> None:
    """Asked for: the menu, when it is a good time."""
    await when_safe.tell(handling, "support")


async def for_family(handling: Handling) -> None:
    """Of those who stand by somebody nobody asks what for."""
    await _area_or_services(handling, await _request(handling, FAMILY))


@told_when_safe("support")
async def _ask_need(handling: Handling, _number: int | None) -> None:
    if handling.person.role is Role.SUPPORTER and handling.person.side is Side.SUPERVISION:
        return await for_family(handling)
    request = await _request(handling)
    data, language = handling.hub.flows.support, handling.language
    labels = [data.need_in_words(need, language) for need in _menu(handling)]
    await handling.ask(
        "services.need",
        Awaiting.SURVEY_CHOICE,
        subject=(ABOUT, request.id),
        choices=[{"reply": str(number), "label": label.capitalize()} for number, label in enumerate(labels, 1)],
        numbered=", ".join(f"{number} {label}" for number, label in enumerate(labels, 1)),
    )


@tells(ABOUT, first="services.from_worker")
async def _from_worker(handling: Handling, number: int) -> None:
    """A worker thinks that these may help."""
    request = await handling.session.get_one(SupportRequest, number)
    found = await services.named(
        handling.hub, handling.session, handling.agency, handling.person.side, request.services
    )
    await _name_them(handling, request, found, "services.from_worker")


@takes_answers(ABOUT)
async def take(handling: Handling, kind: Kind, words: str) -> None:
    """The answer to whichever of its questions is open."""
    prompt = handling.prompt
    request = await handling.session.get(SupportRequest, prompt.subject_id) if prompt and prompt.subject_id else None
    if request is None or prompt is None or request.person_id != handling.person.id:
        return await handling.say("surveys.nothing_open")
    if kind is Kind.LATER:
        await handling.answered()
        return await handling.say("services.left")
    await _STEPS[prompt.text_key](handling, request, kind, words)


async def _take_need(handling: Handling, request: SupportRequest, kind: Kind, words: str) -> None:
    """By number; SKIP is any of them."""
    needs = _menu(handling)
    if kind is Kind.SKIP:
        request.need = ""
    elif kind is Kind.CHOICE and words.isdecimal() and 1 <= int(words) <= len(needs):
        request.need = needs[int(words) - 1]
    else:
        return await repair(handling)
    await _area_or_services(handling, request)


async def _area_or_services(handling: Handling, request: SupportRequest) -> None:
    area = await support_areas.area_of(handling.hub, handling.session, handling.person)
    if area:
        return await _find(handling, request, area)
    await handling.ask("services.area", Awaiting.SURVEY_TEXT, subject=(ABOUT, request.id))


async def _take_area(handling: Handling, request: SupportRequest, kind: Kind, words: str) -> None:
    """Kept for the next time; what is no postcode is asked once more, then it goes without."""
    district = support_areas.district_in(words or handling.text) if kind is not Kind.SKIP else ""
    again = handling.prompt is not None and handling.prompt.text_key == "services.area_again"
    if not district and kind is not Kind.SKIP and not again:
        return await handling.ask("services.area_again", Awaiting.SURVEY_TEXT, subject=(ABOUT, request.id))
    if district:
        await support_areas.said(handling, district)
    await _find(handling, request, district)


async def _take_call(handling: Handling, request: SupportRequest, kind: Kind, _words: str) -> None:
    """Whether these services may call: yes is kept with its time, and a worker asks them."""
    if kind not in {Kind.YES, Kind.NO, Kind.SKIP}:
        return await repair(handling)
    if request.state not in {SupportState.LISTED, SupportState.NO_CALL}:
        await handling.answered()
        return await handling.say("services.left")
    request.answered_at = handling.now
    await handling.answered()
    if kind is not Kind.YES:
        if request.state is SupportState.LISTED:
            request.state = check_move(SUPPORT_MOVES, request.state, SupportState.NO_CALL)
        handling.record("support_call_declined", f"{ABOUT}:{request.id}")
        return await handling.say("services.no_call")
    request.state = check_move(SUPPORT_MOVES, request.state, SupportState.WANTS_CALL)
    handling.record("support_call_agreed", f"{ABOUT}:{request.id}", services=request.services)
    by = await promise(handling, "needs_support", detail=f"{ABOUT}:{request.id}")
    await handling.say("services.will_call", answer_by=by)


async def _find(handling: Handling, request: SupportRequest, area: str) -> None:
    known = await services.all_of(handling.hub, handling.session, handling.agency, handling.person.side)
    found = services.best(known, request.need, area, handling.language)
    if found:
        return await _name_them(handling, request, found, "services.found")
    request.state = check_move(SUPPORT_MOVES, request.state, SupportState.WANTS_CALL)
    request.answered_at = handling.now
    await handling.answered()
    by = await promise(handling, "needs_support", detail=f"{ABOUT}:{request.id}")
    await handling.say("services.none", answer_by=by)


async def _name_them(handling: Handling, request: SupportRequest, found: list[Service], text_key: str) -> None:
    request.services = [service.key for service in found]
    request.listed_at = handling.now
    if request.state is SupportState.CHOOSING:
        request.state = check_move(SUPPORT_MOVES, request.state, SupportState.LISTED)
    handling.record("support_listed", f"{ABOUT}:{request.id}", services=request.services)
    said = " ".join(service.in_a_text() for service in found)
    callers = f" {_OR.get(handling.language, _OR['en'])} ".join(each.name for each in found if each.calls_back)
    if callers:
        subject = (ABOUT, request.id)
        return await handling.ask(text_key, Awaiting.SURVEY_YES_NO, subject=subject, services=said, callers=callers)
    await handling.answered()
    await handling.say("services.numbers", services=said)


async def _request(handling: Handling, need: str = "") -> SupportRequest:
    request = SupportRequest(person_id=handling.person.id, state=SupportState.CHOOSING, need=need, made_at=handling.now)
    handling.session.add(request)
    await handling.session.flush()
    return request


def _menu(handling: Handling) -> list[str]:
    """What family and friends need is asked of nobody else."""
    return [need for need in handling.hub.flows.support.needs if need != FAMILY]


def options(data: SupportData, language: str) -> list[tuple[str, str]]:
    """Name and words of each need, for a form."""
    return [(need, data.need_in_words(need, language).capitalize()) for need in data.needs]


_STEPS: Mapping[str, Callable[[Handling, SupportRequest, Kind, str], Awaitable[None]]] = {
    "services.need": _take_need,
    "services.area": _take_area,
    "services.area_again": _take_area,
    **dict.fromkeys(FOUND, _take_call),
}
