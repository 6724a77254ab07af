"""Those who stand by people under supervision: how many, how they came and went, what passes between them.

By side: on the victims' side a supporter hears of days alone, and there is nothing to count. Never by worker.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from statistics import median

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.reading.outcomes import attendance, supporter_counts
from hub.reading.outcomes.attendance import Group
from hub.reading.outcomes.figure import Figure, Row, say_percent, shown
from hub.reading.outcomes.scope import Scope
from hub.reading.outcomes.small import LEAST, hide, is_small, percent
from hub.states_of_support import InvitationState
from hub.threads.members import ENDED_FOR
from hub.words import Sees

_STATES = {
    InvitationState.ACCEPTED: "Accepted: the code was given",
    InvitationState.OPEN: "The code is with the person",
    InvitationState.ASKED: "The person has not said yes yet",
    InvitationState.CHECKING: "A worker looks first",
    InvitationState.DECLINED: "Declined",
    InvitationState.REFUSED: "Refused by a worker",
    InvitationState.WITHDRAWN: "Taken back",
    InvitationState.EXPIRED: "The code was not used in time",
}
_SEES = {
    Sees.DATES: "Days and times",
    Sees.PROGRESS: "And how it went",
    Sees.CHAT: "And the talk",
}
_NO_CAUSE = (
    "This shows no cause. People who have somebody beside them differ from those who have not, in much that also "
    "decides whether they come: a home, a family, how long they have been here. It does not say what supporters do."
)


async def people(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    with_one, without = await supporter_counts.people(session, scope)
    return Figure(
        key="supporters",
        title="People with somebody who stands by them",
        definition="People under supervision at the end of the period, and whether a supporter of theirs was in force "
        "then: has accepted, has not left, and the time that was agreed is not over.",
        columns=("Group", "People", "Of a hundred"),
        rows=_shares({"Somebody stands by them": with_one, "Nobody yet": without}) if with_one else (),
        drawn="How many in a hundred",
        whole=100,
        if_any=True,
    )


async def invitations(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    found = await supporter_counts.invitations(session, scope)
    counts = {words: sum(each.state is state for each in found) for state, words in _STATES.items()}
    waited = [each.state_at - each.made_at for each in found if each.state is InvitationState.ACCEPTED]
    return Figure(
        key="supporter-invitations",
        title="Invitations to stand by somebody",
        definition="Invitations that were made in the period, by what has become of them until now.",
        columns=("What became of it", "Invitations", "Of a hundred"),
        rows=_shares({words: count for words, count in counts.items() if count}),
        drawn="How many in a hundred",
        whole=100,
        notes=_waiting(waited),
        if_any=True,
    )


async def sees(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    """And, as a note, who has muted the talk."""
    found = await supporter_counts.in_force(session, scope)
    counts = {words: sum(each.sees is much for each in found) for much, words in _SEES.items()}
    talk = [each for each in found if each.sees is Sees.CHAT]
    return Figure(
        key="supporters-see",
        title="What supporters may see",
        definition="Supporters in force at the end of the period, by the most that the person has allowed. Somebody "
        "who stands by several people is counted with each.",
        columns=("May see", "Supporters", "Of a hundred"),
        rows=_shares(counts) if found else (),
        drawn="How many in a hundred",
        whole=100,
        notes=_muted(len(talk), sum(each.muted_at is not None for each in talk)),
        if_any=True,
    )


async def passed(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    """A row is hidden where its texts are those of few threads."""
    rows = [
        Row(label, (shown(None), shown(None)) if is_small(threads) else (texts, threads), None, "")
        for label, texts, threads in await supporter_counts.passed(session, scope)
    ]
    return Figure(
        key="supporters-texts",
        title="What passes between people and their supporters",
        definition="Texts of the period in support threads. Passed on: one for each reader to whom it left. Reminders "
        "and ideas: what Handrail sent to supporters by itself, where the person allows it.",
        columns=("What", "Texts", "In how many threads"),
        rows=rows if any(isinstance(row.cells[0], str) or row.cells[0] for row in rows) else (),
        if_any=True,
    )


async def ended(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    why = await supporter_counts.ended(session, scope)
    counts = Counter(ENDED_FOR.get(each, "Not said") for each in why)
    return Figure(
        key="supporters-ended",
        title="Why a supporter’s part ended",
        definition="Supporters who had accepted and whose part ended in the period.",
        columns=("Why", "Supporters", "Of a hundred"),
        rows=_shares(dict(counts.most_common())),
        drawn="How many in a hundred",
        whole=100,
        if_any=True,
    )


async def came(_hub: Hub, session: AsyncSession, scope: Scope) -> Figure:
    """Side by side with the sizes, and with the sentence that it shows no cause."""
    groups = await supporter_counts.attendance(session, scope)
    with_one, without = groups.get(True, Group()), groups.get(False, Group())
    rows = [attendance.row("Somebody stands by them", with_one), attendance.row("Nobody does", without)]
    return Figure(
        key="attendance-supporters",
        title="Attendance with and without a supporter",
        definition="Appointments of the period that somebody has closed, by whether a supporter was in force when it "
        "began. Came: of those where we know what happened.",
        columns=attendance.COLUMNS,
        rows=rows if with_one.base else (),
        drawn="How many in a hundred came, of those where it is known",
        whole=100,
        notes=[*attendance.difference(with_one, without), _NO_CAUSE],
        if_any=True,
    )


def _shares(counts: dict[str, int]) -> list[Row]:
    base, rows = sum(counts.values()), []
    for label, count in zip(counts, hide(list(counts.values())), strict=True):
        share = None if count is None else percent(count, base)
        said = "" if share is None else f"{share}%"
        rows.append(Row(label, (shown(count), say_percent(share, base)), share, said))
    return rows


def _waiting(waited: Sequence[timedelta]) -> list[str]:
    if len(waited) < LEAST:
        return []
    days = median(wait.total_seconds() / 86_400 for wait in waited)
    return [f"Half of those accepted were accepted within {days:.1f} days of the wish."]


def _muted(talk: int, muted: int) -> list[str]:
    if is_small(muted) or is_small(talk - muted) or not talk:
        return []
    return [f"{muted} of the {talk} who may join the talk have muted it."]
