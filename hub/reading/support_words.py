"""Words of supporters that several screens share: who they are, what they see, how a yes was given. Knows no query."""

from hub.states_of_support import InvitationState
from hub.words import Relation, Sees

RELATIONS = {
    Relation.FAMILY: "Family",
    Relation.FRIEND: "Friend",
    Relation.MENTOR: "Mentor",
    Relation.GUARDIAN: "Looks after them",
}
SEES = {
    Sees.DATES: "Only that there is something and when",
    Sees.PROGRESS: "When something is on, and how it went",
    Sees.CHAT: "When something is on, how it went, and the talk",
}
# Beside the choice: what it means, one step after the other.
SEES_MEANS = {
    Sees.DATES: "“There is something on Tuesday at 2.” Never where, why or with whom.",
    Sees.PROGRESS: "Also that they came, or did what was asked. Never what it is about.",
    Sees.CHAT: "Also texts with them, the other supporters and you. Their worker reads all of it.",
}
# How somebody said yes. The first three are what a worker can enter.
AGREED_HOW = {
    "spoken": "They told a worker",
    "letter": "In writing",
    "text": "By text",
    "page": "On their own page",
    "code": "With the code",
}
INVITATIONS = {
    InvitationState.ASKED: "Waits for the person’s yes",
    InvitationState.CHECKING: "Waits for you to look",
    InvitationState.OPEN: "Waits for the code",
    InvitationState.ACCEPTED: "Accepted",
    InvitationState.DECLINED: "Said no",
    InvitationState.REFUSED: "Refused",
    InvitationState.WITHDRAWN: "Taken back",
    InvitationState.EXPIRED: "Not used in time",
}
WAITING = (InvitationState.CHECKING, InvitationState.ASKED, InvitationState.OPEN)
MONTHS = {"1": "1 month", "3": "3 months", "6": "6 months", "12": "1 year", "": "Until somebody ends it"}
BY_WORKER = {"spoken": "They told me", "letter": "In writing"}
