"""Every wording of “are you safe?”: either it says that this is no emergency service, or it says nothing at all."""

import pytest

from hub.texts import fields_of
from tests.world import our_flows

NO_EMERGENCY_SERVICE = {
    "en": "This is not an emergency service. In danger, call 999.",
    "cy": "Nid gwasanaeth brys yw hwn. Mewn perygl, ffoniwch 999.",
}
TELLING = {"agency", "worker", "first_name", "phone", "link", "place", "with_whom", "milestone", "reason", "their_name"}
GIVEN_AWAY = {
    "en": ("safe", "danger", "emergency", "999", "call us", "tell"),
    "cy": ("diogel", "perygl", "brys", "999"),
}
ALL = [
    (language, key)
    for language, texts in our_flows().texts.languages.items()
    for key in texts.templates
    if key.startswith("are_you_safe.")
]


@pytest.mark.parametrize(("language", "key"), ALL, ids=lambda part: part)
def test_it_is_said_that_this_is_no_emergency_service(language: str, key: str) -> None:
    assert NO_EMERGENCY_SERVICE[language] in our_flows().texts.template(key, language).text


@pytest.mark.parametrize(("language", "key"), ALL, ids=lambda part: part)
def test_on_a_lock_screen_nothing_tells_why_we_write(language: str, key: str) -> None:
    if key.startswith(our_flows().text_rules.told_when_safe):
        return  # told after "is now a good time?" alone
    discreet = our_flows().texts.template(key, language).discreet
    assert fields_of(discreet) & TELLING == set()
    assert not [word for word in GIVEN_AWAY[language] if word in discreet.lower()]
