"""Everything that reaches anybody in a circle, whatever the others write and ask: no number, surname, reference, place
or condition of one on the phone of another."""

import unicodedata
from random import Random

import pytest
from sqlalchemy import select

from hub import appointments, conditions
from hub.store.tables import Case, ContactPoint, Person, Thread, Worker
from hub.threads import posts
from hub.words import Side
from tests.integration.circle import AROUND, JO, KIT, MUM, SAM, Circle, make_circle
from tests.world import LINES, World

SEED, TEXTS = 8, 60
PLACE, MET, CONDITION, REFERENCE = "Quiet Clinic", "Ann Brown", "Attend the drug awareness course", "NS/2026/14"
# Of each: what nobody else may read. Plain letters and digits, as an eye reads them.
OF = {
    SAM: ("carter", "7700900101", "quietclinic", "annbrown", "drugawareness", "ns202614"),
    MUM: ("pritchard", "7700900202"),
    JO: ("okafor", "900303"),
    KIT: ("lindqvist", "token404"),
}
SPELLED = (
    str, str.upper, str.lower, " ".join, "\u00ad".join, lambda text: text.replace(" ", ". "),
    lambda text: text + "'s", lambda text: f"({text})", lambda text: text.replace("7", "seven "),
    lambda text: text.replace("+44", "(0)"), lambda text: text.replace("0", "\uff10"),
)  # fmt: skip
SECRETS = [*(each.name.split(" ")[1] for each in AROUND), "Carter", "+447700900101", "07700 900202", "900303", "Shah",
           PLACE, MET, CONDITION, REFERENCE, "jo@example.org", "token-404"]  # fmt: skip
WORDS = ("who", "WHO", "mute", "unmute", "READ", "@worker ", "@worker", "1", "2", "help", "LEAVE it", "@sam ", "@jo ")


def read(text: str) -> str:
    found = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in found if each.isalnum()).replace("seven", "7")


@pytest.mark.parametrize("discreet", [False, True])
async def test_no_secret_of_one_reaches_another(world: World, discreet: bool) -> None:
    circle, chance = await make_circle(world, (MUM, JO, KIT)), Random(f"{SEED}/{discreet}")
    await give_case(circle, discreet=discreet)
    for number in range(TEXTS):
        await one_writes(circle, chance)
        if number % 15 == 7:
            await worker_says(circle, chance.choice(SPELLED)(chance.choice(SECRETS)))
        world.clock.push_to(world.clock.now())
        await world.push(minutes=2)
    heard = {each: world.heard(each.address) for each in OF}
    assert sum(map(len, heard.values())) > TEXTS
    for reader, texts in heard.items():
        for other, secrets in OF.items():
            told = [(text, secret) for text in texts for secret in secrets if secret in read(text)]
            assert not told or reader is other, told


async def one_writes(circle: Circle, chance: Random) -> None:
    """To all, with a secret in some spelling; now and then a keyword, or an answer to nothing."""
    who = chance.choice(list(OF))
    line = LINES[Side.SUPERVISION, who.channel]
    said = chance.choice(SPELLED)(chance.choice(SECRETS))
    words = f"{chance.choice(('hi ', 'it is ', 'tell ', ''))}{said}{chance.choice((' ok', '', ' at 10:30', '?'))}"
    begins = "@all " if who is SAM else ""
    text = chance.choice(WORDS) if chance.random() < 0.25 else begins + words
    await circle.world.simulator.text(who.address, line, text, channel=who.channel)
    await circle.world.settle()


async def worker_says(circle: Circle, words: str) -> None:
    async with circle.world.hub.store.transaction() as session:
        thread = await session.get_one(Thread, circle.thread_id)
        worker = await session.get_one(Worker, circle.world.workers[Side.SUPERVISION])
        await posts.say(circle.world.hub, session, worker, thread, f"About {words}: call 0300 000 0000")


async def give_case(circle: Circle, *, discreet: bool) -> None:
    hub, now = circle.world.hub, circle.world.clock.now()
    async with hub.store.transaction() as session:
        sam = await session.get_one(Person, circle.person_id)
        case = Case(agency_id=sam.agency_id, side=sam.side, person_id=sam.id, kind="conditional_caution",
                    reference=REFERENCE, opened_at=now, worker_id=sam.worker_id, person=sam)  # fmt: skip
        session.add(case)
        await session.flush()
        await conditions.add(hub, session, "hub", case, CONDITION, None)
        await appointments.schedule(
            hub, session, "hub", person=sam, starts_at=now.replace(day=20), worker_id=sam.worker_id, case_id=case.id,
            place=PLACE, with_whom=MET,
        )  # fmt: skip
        for contact in await session.scalars(select(ContactPoint)):
            contact.discreet = discreet and contact.person_id == circle.ids[KIT.address]
