"""The best services for a need and an area; what a supervisor types is read or refused, field by field."""

from hypothesis import given
from hypothesis import strategies as st

from hub import service_entry
from hub.services import BEST, Service, best
from tests.world import our_flows

NEEDS = list(our_flows().support.needs)
AREAS = ["DE1", "DE3", "CF10"]
SERVICES = st.lists(
    st.builds(
        Service,
        key=st.integers(1, 99).map(str) | st.sampled_from(["national:a", "national:b"]),
        name=st.just("One"),
        needs=st.lists(st.sampled_from(NEEDS), min_size=1).map(tuple),
        areas=st.lists(st.sampled_from(AREAS)).map(tuple),
        phone=st.just("0300 000 0000"),
        languages=st.lists(st.sampled_from(["cy", "pl"])).map(tuple),
    ),
    max_size=8,
)
NATIONAL_OF = {"ENG": {"abuse_helpline"}, "WLS": {"live_fear_free"}}


@given(SERVICES, st.sampled_from(["", *NEEDS]), st.sampled_from(["", *AREAS]), st.sampled_from(["en", "cy"]))
def test_none_is_named_that_does_not_fit(found: list[Service], need: str, area: str, language: str) -> None:
    named = best(found, need, area, language)
    assert len(named) <= BEST
    assert all(not need or need in each.needs for each in named)
    assert all(not each.areas or area in each.areas for each in named)


@given(SERVICES, st.sampled_from(NEEDS), st.sampled_from(AREAS))
def test_an_agencys_own_comes_before_the_national_and_the_near_before_the_far(
    found: list[Service], need: str, area: str
) -> None:
    order = [(each.national, not each.areas) for each in best(found, need, area, "en", 99)]
    assert order == sorted(order)


def test_in_welsh_whoever_speaks_it_comes_first() -> None:
    here = {"needs": ("talk",), "areas": ("CF10",), "phone": "1"}
    found = [Service(key="1", name="City", **here), Service(key="2", name="Taf", languages=("cy",), **here)]  # type: ignore[arg-type]
    assert [each.name for each in best(found, "talk", "CF10", "cy")] == ["Taf", "City"]
    assert [each.name for each in best(found, "talk", "CF10", "en")] == ["City", "Taf"]


def test_every_need_has_at_least_one_national_service_or_is_left_to_a_human() -> None:
    helped = {need for each in our_flows().support.national for need in each.needs}
    assert {"talk", "safety", "children", "bereavement", "court"} <= helped


def test_what_is_right_is_read() -> None:
    typed = {
        "name": " Riverside  Counselling ",
        "needs": "talk, hate crime",
        "areas": "de1; DE3",
        "phone": "0300 000 0000",
    }
    entry, errors = service_entry.read(typed, NEEDS)
    assert errors == {}
    assert (entry.name, entry.needs, entry.areas) == ("Riverside Counselling", ("talk", "hate_crime"), ("DE1", "DE3"))


def test_each_thing_that_is_wrong_has_its_sentence() -> None:
    typed = {"needs": "dancing", "areas": "Derby", "phone": "ring me", "languages": "Welsh", "hours": "x" * 60}
    _, errors = service_entry.read(typed, NEEDS)
    assert set(errors) == {"name", "needs", "areas", "phone", "languages", "hours"}
    assert "“dancing” is not one of talk," in errors["needs"]


def test_a_service_that_nobody_can_reach_is_refused() -> None:
    _, errors = service_entry.read({"name": "Quiet", "needs": "talk"}, NEEDS)
    assert set(errors) == {"phone"}
