"""Working time inside PostgreSQL: the time that passes while somebody answers. Knows no table.

`opens`, `closes` and `before` (seconds worked before each opening) are arrays; an instant's place in them is found by
halving, so a thousand days cost hardly more than one.
"""

from datetime import timedelta

from hub.reading.outcomes.scope import Scope
from hub.times import at_local, local
from hub.working_time import is_working_day


def worked(instant: str) -> str:
    """SQL: seconds of working time up to `instant` (an expression)."""
    place = f"width_bucket({instant}, CAST(:opens AS timestamptz[]))"
    return f"""coalesce((CAST(:before AS float8[]))[{place}] + extract(epoch FROM
        least({instant}, (CAST(:closes AS timestamptz[]))[{place}]) - (CAST(:opens AS timestamptz[]))[{place}]), 0)"""


def opening_hours(scope: Scope) -> dict[str, object]:
    """The parameters that `worked` needs: every working day of the scope."""
    agency, zone = scope.agency, scope.agency.time_zone
    opens, closes, before, passed = [], [], [], 0.0
    day, last = local(scope.since, zone).date(), local(scope.until, zone).date()
    while day <= last:
        if is_working_day(day, agency.holidays) and agency.open_from < agency.open_until:
            opens.append(at_local(day, agency.open_from, zone))
            closes.append(at_local(day, agency.open_until, zone))
            before.append(passed)
            passed += (closes[-1] - opens[-1]).total_seconds()
        day += timedelta(days=1)
    return {"opens": opens, "closes": closes, "before": before}
