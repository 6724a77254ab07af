"""When a right is offered after news: never with it, at a good time, as the file says."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import FlowInvalid
from hub.moments import Moments
from hub.rights import is_right
from hub.store.tables import Agency
from hub.times import local
from hub.working_time import is_working_day
from tests.world import our_flows

MOMENTS = our_flows().moments
AGENCY = Agency(name="Northshire", short_name="N", phone="0", time_zone="Europe/London", holidays="ENG")
TOLD = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


def test_every_milestone_that_has_news_of_weight_has_its_rights() -> None:
    wanted = {"reported", "charged", "hearing", "outcome", "release", "no_further_action"}
    assert wanted <= MOMENTS.by_milestone.keys()
    assert MOMENTS.by_milestone["no_further_action"].items[0] == "review"


def test_every_item_is_a_right_or_a_text() -> None:
    known = our_flows().texts.languages["en"].templates
    items = {item for moment in MOMENTS.by_milestone.values() for item in moment.items}
    assert [item for item in items if not is_right(item) and f"rights.{item}" not in known] == []


def test_every_milestone_of_the_file_is_one_that_can_be_told() -> None:
    known = our_flows().texts.languages["en"].templates
    assert [name for name in MOMENTS.by_milestone if f"victims.milestone_{name}" not in known] == []


@given(TOLD, st.sampled_from(sorted(MOMENTS.by_milestone)))
def test_it_is_never_offered_with_the_news(told_at: datetime, milestone: str) -> None:
    moment = MOMENTS.by_milestone[milestone]
    due = moment.due(told_at, AGENCY)
    assert due - told_at >= timedelta(minutes=30)
    if moment.at:
        there = local(due, "Europe/London")
        assert is_working_day(there.date(), "ENG")
        assert there.date() > local(told_at, "Europe/London").date()
        assert there.time() == moment.at


@pytest.mark.parametrize(
    "block",
    [
        "{minutes: 5}",
        "{rights: [1]}",
        "{rights: [1], minutes: 0}",
        "{rights: [1], minutes: 5, who: me}",
        '{rights: [1], minutes: 5, at: "11:00", working_days: 1}',
        '{rights: [1], at: "11:00"}',
        '{rights: [1], at: "11:00", working_days: 0}',
    ],
)
def test_a_moment_that_would_come_with_the_news_or_never_is_refused(tmp_path: Path, block: str) -> None:
    (tmp_path / "rights").mkdir()
    (tmp_path / "rights" / "moments.yml").write_text(f"days_apart: 7\nmoments:\n  charged: {block}\n")
    with pytest.raises(FlowInvalid, match="charged"):
        Moments.from_flows(tmp_path)


def test_the_easter_weekend_is_waited_out() -> None:
    thursday = datetime(2026, 4, 2, 16, tzinfo=UTC)
    assert local(MOMENTS.by_milestone["charged"].due(thursday, AGENCY), "Europe/London").date() == date(2026, 4, 7)
