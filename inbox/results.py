"""What became of what was done to several conversations, told once on the next page.

Between the two pages it lies in a cookie, as codes and numbers: no name leaves the house.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hub.in_bulk import MOST, Outcome, Result
from hub.reading.stream import names_of
from hub.store.tables import Worker

TOLD = "handrail_done"
SECONDS = 60
DONE = {"take": "taken", "assign": "assigned", "aside": "put aside", "close": "closed", "keep": "saved"}
WORDS = {
    Outcome.CLOSED_BY: "{number} {was} closed by {by} meanwhile",
    Outcome.TAKEN_BY: "{number} {was} left, because {by} has taken {it}",
    Outcome.DANGER: "{number} {was} left, because somebody may come to harm: open {it} to decide",
    Outcome.NOTHING: "{number} needed nothing",
    Outcome.GONE: "{number} {was} left, because {it} {was} no longer yours to see",
}


def as_codes(verb: str, results: Iterable[Result]) -> str:
    counted = Counter((result.outcome.value, result.by) for result in results)
    return "~".join((verb, *(f"{outcome}.{by}.{number}" for (outcome, by), number in sorted(counted.items()))))


async def said(request: Request, session: AsyncSession, me: Worker) -> str:
    """ "3 closed; 1 was closed by Tom Reed meanwhile"; empty when nothing was done."""
    verb, *parts = request.cookies.get(TOLD, "").split("~")
    found = list(_read(parts))
    if verb not in DONE or not found:
        return ""
    names = await names_of(session, {by for _, by, _ in found if by} - {me.id})
    names[me.id] = "you"
    done = sum(number for outcome, _, number in found if outcome is Outcome.DONE)
    others = [_say(outcome, names.get(by, "a colleague"), n) for outcome, by, n in found if outcome is not Outcome.DONE]
    return "; ".join([*([f"{done} {DONE[verb]}"] if done else []), *others])


def forget(response: Response, request: Request) -> None:
    if TOLD in request.cookies:
        response.delete_cookie(TOLD, path="/")


def _read(parts: Iterable[str]) -> Iterator[tuple[Outcome, int, int]]:
    """What a cookie says; what it cannot say is left out."""
    for part in parts:
        code, _, numbers = part.partition(".")
        by, _, number = numbers.partition(".")
        if code in set(Outcome) and by.isdigit() and number.isdigit() and len(by) < 12 and len(number) < 4:
            yield Outcome(code), int(by), min(int(number), MOST)


def _say(outcome: Outcome, by: str, number: int) -> str:
    one = number == 1
    return WORDS[outcome].format(number=number, by=by, was="was" if one else "were", it="it" if one else "them")
