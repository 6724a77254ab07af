"""What stands for the codes of a referral on workers' pages. Knows nothing else."""

from collections.abc import Mapping

from hub.referrals.ages import GUARDIAN, YOUNG, Band
from hub.states_of_support import ReferralState

BANDS: Mapping[Band, str] = {Band.CHILD: "10 to 15", Band.YOUNG: "16 or 17", Band.ADULT: "18 or over"}
WHO: Mapping[str, str] = {YOUNG: "Young person", GUARDIAN: "Parent or carer"}
ENDED: Mapping[ReferralState, str] = {
    ReferralState.ACCEPTED: "Accepted",
    ReferralState.DECLINED: "Declined",
    ReferralState.REFUSED: "They said no",
    ReferralState.WITHDRAWN: "Taken back by the referrer",
    ReferralState.LAPSED: "No answer in time",
}
SAFE: Mapping[str, str] = {"yes": "Yes", "careful": "Yes, but others may read it", "no": "No", "unknown": "Not known"}
ROLES: Mapping[str, str] = {
    "teacher": "School or college",
    "youth_worker": "Youth worker",
    "social_worker": "Social worker",
    "health": "Health care",
    "housing": "Housing",
    "police": "Police",
    "other": "Something else",
}
RELATIONS: Mapping[str, str] = {
    "parent": "Parent",
    "family": "Family",
    "carer": "Foster carer",
    "council": "The council",
    "other": "Somebody else",
}
REASONS: Mapping[str, str] = {
    "school": "School",
    "friends": "Friends or a group",
    "home": "Things at home",
    "substances": "Alcohol or drugs",
    "online": "What happens online",
    "exploited": "Somebody may be using them",
    "police": "The police have spoken with them",
    "other": "Something else",
}
TOLD: Mapping[str, str] = {"yes": "Yes", "risk": "No: telling them would put the child at risk"}
EMPTIED = "(removed)"
