"""Can every nudge happen? Its text is there, and what it waits for is something that comes to pass."""

from collections.abc import Iterator

from handrail.checks.ground import Ground, Problem
from hub.case_dates import KINDS
from hub.nominations import SCOPES
from hub.nudges.rules import Collides, NudgeRule
from hub.nudges.saying import TOO
from hub.nudges.subjects import OWN_RULES
from hub.texts import DEFAULT_LANGUAGE

# The states of affairs of hub/nudges/subjects.py: a rule on any other would never go out, and nobody would
# notice.
STATES = {
    "appointment": {"standing", "early", "proof_wanted", "video", "missed", "attended", "call"},
    "check_in": {"planned", "asked", "in_a_row"},
    "return_check": {"planned", "not_yet"},
    "survey_run": {"invited"},
    "update": {"recorded", *(f"for_contact_{scope}" for scope in SCOPES)},
    "update_plan": {"unasked"},
    "condition": {"due", "half_way", "quiet", "quiet_passed", "done"},
    "case_date": set(KINDS),
    "safe_contact": {"unasked", "asked", "old"},
    "telling": {"planned", *OWN_RULES},
}
AUDIENCES = {"person", "supporters"}


def nudges(ground: Ground) -> Iterator[Problem]:
    known = ground.whole.texts.languages[DEFAULT_LANGUAGE].templates
    for rule in ground.whole.nudges.values():
        file = f"{ground.folder.name}/{rule.topic}/nudges.yml"
        if rule.text not in known:
            yield Problem(file, f"`{rule.name}` says `{rule.text}`, which is no text: correct the name or write it.")
        if rule.collides is Collides.MERGE and f"{rule.text}{TOO}" not in known:
            yield Problem(file, f"`{rule.name}` merges: write `{rule.text}{TOO}`, its words after another text.")
        for sentence in _never(rule):
            yield Problem(file, f"`{rule.name}` {sentence}")


def _never(rule: NudgeRule) -> Iterator[str]:
    if rule.given not in STATES[rule.subject]:
        words = ", ".join(sorted(STATES[rule.subject]))
        yield f"waits for `given: {rule.given}`, which never comes for this subject. It can be {words}."
    if rule.to not in AUDIENCES:
        yield f"goes `to: {rule.to}`. It can be {', '.join(sorted(AUDIENCES))}."
    if rule.at and rule.until and rule.until <= rule.at:
        yield "ends before it begins: correct `until`."
