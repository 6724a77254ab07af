"""What a simulation counts: reminders, replies, proofs, surveys, escalations, time to a human, hours saved.

Knows nothing of how the course was made.
"""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handrail.simulation.course import Course

# Minutes that a worker needs to look up what a text is about, type it by hand and note it in the case record, and to
# read one that comes in and note it. An assumption, to be replaced by what an agency measures.
MINUTES_TO_WRITE, MINUTES_TO_READ = 3.0, 1.5


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of the whole course; times in minutes, of wall clock, nights and weekends counted."""

    people: int
    texts_out: int
    texts_in: int
    reminders: int
    nudges: dict[str, int]  # by what became of them
    handled: int  # of the texts that came in, without a human
    handed_over: int
    proofs_accepted: int
    check_ins_answered: int
    surveys_invited: int
    surveys_completed: int
    escalations: dict[str, int]  # by reason
    minutes_to_human_median: float
    minutes_to_human_p95: float
    crashes: int
    hours_saved: float
    said_to_others: int = 0  # in support threads, to all

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def figures(people: int, course: "Course") -> Figures:
    moves, staff = course.watch.moves, course.staff
    waits = sorted(wait / timedelta(minutes=1) for wait in staff.to_human) or [0.0]
    escalations = _by(moves, "escalations/open/")
    handled, over = _sum(moves, "messages/handled/"), _sum(moves, "messages/handed_over/")
    texts_out = len(course.driver.simulator.taken)
    return Figures(
        people=people,
        texts_out=texts_out,
        texts_in=_sum(moves, "messages/received/"),
        reminders=_sum(moves, "nudges/queued/reminder") + _sum(moves, "nudges/queued/supporter"),
        nudges={state: _sum(moves, f"nudges/{state}/") for state in ("queued", "skipped", "missed", "cancelled")},
        handled=handled,
        handed_over=over,
        proofs_accepted=_sum(moves, "proofs/accepted/"),
        check_ins_answered=_sum(moves, "check_ins/answered/"),
        surveys_invited=_sum(moves, "survey_runs/invited/"),
        surveys_completed=_sum(moves, "survey_runs/completed/"),
        escalations=escalations,
        minutes_to_human_median=round(median(waits), 1),
        minutes_to_human_p95=round(waits[int(len(waits) * 0.95)], 1),
        crashes=course.driver.fate.deaths,
        hours_saved=hours_saved(texts_out - staff.hand_written, handled),
        said_to_others=_sum(moves, "thread_posts/all/"),
    )


def hours_saved(written: int, read: int) -> float:
    """Against a worker who writes and reads each of these by hand."""
    return round((written * MINUTES_TO_WRITE + read * MINUTES_TO_READ) / 60, 1)


def _by(moves: Counter[str], beginning: str) -> dict[str, int]:
    found = {name.removeprefix(beginning): n for name, n in moves.items() if name.startswith(beginning)}
    return dict(sorted(found.items()))


def _sum(moves: Counter[str], beginning: str) -> int:
    return sum(n for name, n in moves.items() if name.startswith(beginning))
