"""The invented people of the demo. Every number is from the range kept for fiction (07700 900000–900999)."""

from dataclasses import dataclass

from hub.words import ChannelKind, Role, Side

AGENCY = "Northshire"
SIGNED = "Northshire support"  # as texts are signed
PHONE = "0300 000 0000"
LINES = (
    (Side.SUPERVISION, ChannelKind.SMS, "+447700900001", "Disposals, SMS"),
    (Side.SUPERVISION, ChannelKind.TELEGRAM, "northshire_bot", "Disposals, Telegram"),
    (Side.SUPERVISION, ChannelKind.WEBCHAT, "chat-supervision", "Disposals, web chat"),
    (Side.VICTIMS, ChannelKind.SMS, "+447700900002", "Victim care, SMS"),
    (Side.VICTIMS, ChannelKind.WEBCHAT, "chat-victims", "Victim care, web chat"),
)


@dataclass(frozen=True, slots=True)
class Staff:
    name: str
    email: str
    side: Side
    team: str


STAFF = (
    Staff("Priya Shah", "priya@example.org", Side.SUPERVISION, "Out-of-court disposals"),
    Staff("Tom Whelan", "tom@example.org", Side.SUPERVISION, "Out-of-court disposals"),
    Staff("Ann Jones", "ann@example.org", Side.VICTIMS, "Victim care"),
)
# Colleagues who look after the people of the weeks before the story (earlier.py). Nobody signs in as one of them.
COLLEAGUES = (
    Staff("Una Reid", "una@example.org", Side.SUPERVISION, "Out-of-court disposals"),
    Staff("Owen Clarke", "owen@example.org", Side.SUPERVISION, "Out-of-court disposals"),
    Staff("Fay Moss", "fay@example.org", Side.VICTIMS, "Victim care"),
    Staff("Jo Hale", "jo@example.org", Side.VICTIMS, "Victim care"),
)


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody with a phone. `about` is what the demo page says of them, to the visitor only."""

    key: str
    name: str
    role: Role
    address: str
    staff: str  # first name of their worker
    kind: str = "conditional_caution"
    about: str = ""
    channel: ChannelKind = ChannelKind.SMS
    language: str = "en"
    comes_by_code: bool = False  # nobody has heard of them before they text one (story.py)
    mentors: tuple[str, ...] = ()  # keys of those by whom they stand from the beginning
    discreet: bool = False

    @property
    def side(self) -> Side:
        return Side.VICTIMS if self.role is Role.VICTIM else Side.SUPERVISION


CAST = (
    Character("sam", "Sam Carter", Role.SUPERVISED, "+447700900101", "Priya", about="On a conditional caution"),
    Character(
        "dawn", "Dawn Carter", Role.SUPPORTER, "+447700900102", "Priya", about="Sam’s mother", comes_by_code=True
    ),
    Character(
        "marcus",
        "Marcus Bell",
        Role.SUPPORTER,
        "900103",
        "Priya",
        about="Sam’s mentor, on Telegram",
        channel=ChannelKind.TELEGRAM,
        comes_by_code=True,
    ),
    Character(
        "leila",
        "Leila Haddad",
        Role.VICTIM,
        "+447700900104",
        "Ann",
        kind="victim_care",
        about="A victim of a burglary; others may read her phone",
        discreet=True,
    ),
    Character("kyle", "Kyle Draper", Role.SUPERVISED, "+447700900105", "Priya"),
    Character("megan", "Megan Price", Role.SUPERVISED, "+447700900106", "Priya", language="cy"),
    Character("yusuf", "Yusuf Ali", Role.SUPERVISED, "+447700900107", "Priya", kind="community_resolution"),
    Character("jade", "Jade Morris", Role.SUPERVISED, "+447700900108", "Priya", kind="bail"),
    Character("liam", "Liam Obi", Role.SUPERVISED, "+447700900109", "Tom"),
    Character("carol", "Carol Finch", Role.SUPERVISED, "+447700900110", "Priya"),
    Character("dev", "Dev Patel", Role.SUPERVISED, "+447700900111", "Priya", kind="diversionary_caution"),
    Character("tasha", "Tasha Green", Role.SUPERVISED, "+447700900112", "Tom"),
    Character("bryn", "Bryn Hughes", Role.SUPERVISED, "+447700900113", "Priya"),
    Character(
        "grace",
        "Grace Amadi",
        Role.SUPPORTER,
        "900116",
        "Priya",
        about="A mentor of several",
        channel=ChannelKind.TELEGRAM,
        mentors=("kyle", "yusuf", "liam"),
    ),
    Character("rosa", "Rosa Lind", Role.VICTIM, "+447700900114", "Ann", kind="victim_care"),
    Character("harold", "Harold Pym", Role.VICTIM, "+447700900115", "Ann", kind="victim_care"),
    Character(
        "nia",
        "Nia Evans",
        Role.VICTIM,
        "demo-nia-7Q2M9XK4TB",
        "Ann",
        kind="victim_care",
        channel=ChannelKind.WEBCHAT,
    ),
)
PHONES = CAST[:4]
