"""Which list somebody looks at, as an address says it: heading, filters, order, page. Codes only, never a name.

The last list is kept in a cookie, so that the way back from a conversation leads to the same one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from starlette.datastructures import QueryParams

from hub.reading.inbox import EVERYTHING, View
from hub.reading.inbox_filters import GROUPS, NOBODY, Filters, Order
from hub.reading.wording import CHANNELS, LANGUAGES
from hub.words import ChannelKind

LAST_LIST = "handrail_list"  # the cookie; ends with the browser's session
ORDERS = {Order.DUE: "What is due first", Order.NEWEST: "Newest first", Order.OLDEST: "Longest wait first"}
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Tag:
    """A filter that is on: what it says, and the address of the list without it."""

    words: str
    without: str


@dataclass(frozen=True, slots=True)
class ListQuery:
    view: View = View.ATTENTION
    filters: Filters = EVERYTHING
    page: int = 1

    @property
    def codes(self) -> str:
        """As a query string, without the page."""
        return urlencode(self.pairs())

    @property
    def address(self) -> str:
        return f"/inbox?{self.codes}"

    def at(self, page: int) -> str:
        return f"{self.address}&page={page}"

    def under(self, view: View) -> str:
        """The same filters under another heading."""
        return replace(self, view=view, page=1).address

    @property
    def unfiltered(self) -> str:
        return replace(self, filters=Filters(order=self.filters.order), page=1).address

    def tags(self, workers: Mapping[int, str]) -> list[Tag]:
        """One for each filter that is on. `workers`: the names of those whom the viewer may filter by."""
        found = self.filters
        tags = [self._tag(GROUPS[each][0], "groups", each) for each in found.groups]
        tags += [self._tag(CHANNELS[each], "channels", each) for each in found.channels]
        tags += [self._tag(workers.get(each, "Somebody else"), "workers", each) for each in found.workers]
        tags += [self._tag(LANGUAGES.get(each, each), "languages", each) for each in found.languages]
        if found.overdue:
            tags.append(Tag("Overdue", self._with(replace(found, overdue=False))))
        if found.unread:
            tags.append(Tag("Unread", self._with(replace(found, unread=False))))
        return tags

    def _tag(self, words: str, kind: str, one: object) -> Tag:
        left = tuple(each for each in getattr(self.filters, kind) if each != one)
        changed: dict[str, Any] = {kind: left}
        return Tag(words, self._with(replace(self.filters, **changed)))

    def _with(self, filters: Filters) -> str:
        return replace(self, filters=filters, page=1).address

    def pairs(self) -> list[tuple[str, str]]:
        """(name, code), as in the address."""
        found = self.filters
        pairs = [("view", self.view.value)]
        pairs += [("group", each) for each in found.groups]
        pairs += [("channel", each.value) for each in found.channels]
        pairs += [("worker", str(each)) for each in found.workers]
        pairs += [("language", each) for each in found.languages]
        pairs += [(name, "1") for name in ("overdue", "unread") if getattr(found, name)]
        return pairs + ([("order", found.order.value)] if found.order is not Order.DUE else [])


def read(given: QueryParams | str) -> ListQuery:
    """What an address asks for; a code that there is not asks for nothing."""
    params = QueryParams(given)
    workers = {int(each) for each in params.getlist("worker") if each.isascii() and each.isdigit() and len(each) < 12}
    page = params.get("page", "")
    filters = Filters(
        groups=tuple(each for each in GROUPS if each in params.getlist("group")),
        channels=tuple(_members(ChannelKind, params.getlist("channel"))),
        workers=tuple(sorted(workers)),
        languages=tuple(each for each in LANGUAGES if each in params.getlist("language")),
        overdue=params.get("overdue") == "1",
        unread=params.get("unread") == "1",
        order=next(_members(Order, params.getlist("order")), Order.DUE),
    )
    view = next(_members(View, params.getlist("view")), View.ATTENTION)
    return ListQuery(view, filters, int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1)


def last_list(request: Request) -> ListQuery:
    """The list that this browser saw last."""
    return read(request.cookies.get(LAST_LIST, ""))


@dataclass(frozen=True, slots=True)
class Choice:
    """One box: its name and value in the address, its words, whether it is on."""

    name: str
    value: str
    words: str
    on: bool


def choices(query: ListQuery, workers: Mapping[int, str]) -> dict[str, list[Choice]]:
    """What can be filtered by, under a word each."""
    on = set(query.pairs())

    def boxes(name: str, items: Iterable[tuple[object, str]]) -> list[Choice]:
        return [Choice(name, str(value), words, (name, str(value)) in on) for value, words in items]

    return {
        "Why": boxes("group", [(code, words) for code, (words, _) in GROUPS.items()]),
        "Channel": boxes("channel", [(kind.value, words) for kind, words in CHANNELS.items()]),
        "Worker": boxes("worker", ({NOBODY: "Nobody"} | dict(workers)).items()),
        "Language": boxes("language", LANGUAGES.items()),
        "Only": [*boxes("overdue", [(1, "Overdue")]), *boxes("unread", [(1, "Unread")])],
    }


def _members(kind: type[E], given: Iterable[str]) -> Iterator[E]:
    asked = set(given)
    return (each for each in kind if each.value in asked)
