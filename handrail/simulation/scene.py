"""Sets the scene of a simulation: the hub on its own clock, the carrier, the town, the staff, and who watches them."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from random import Random

from handrail.settings import Settings
from handrail.simulation.agenda import Act, Agenda
from handrail.simulation.assistant import StandIn
from handrail.simulation.carrier import Carrier
from handrail.simulation.circles import Circles
from handrail.simulation.course import Course, Worked, first_morning
from handrail.simulation.crash import Fate, MortalStore
from handrail.simulation.diary import Diary
from handrail.simulation.faults import OF_THE_HOUSE, of_the_carrier
from handrail.simulation.fill import fill
from handrail.simulation.glance import Glance
from handrail.simulation.memory import Memory
from handrail.simulation.people import Crowd
from handrail.simulation.staff import Staff
from handrail.simulation.town import Somebody, make_town
from handrail.simulation.watch import Watch
from hub.clock import FixedClock
from hub.core import Hub
from hub.flows import Flows
from hub.outcomes import record_receipt
from hub.receive import accept
from hub.store.vault import Vault
from hub.words import Side
from integrations.channels.registry import ChannelRegistry
from integrations.files.clean import Cleaner

WORKERS = ("a", "b")
GRID = timedelta(minutes=5)  # what people do falls on these


@dataclass(frozen=True, slots=True)
class Options:
    people: int = 200
    days: int = 60
    seed: int = 7
    faults: frozenset[str] = frozenset()


async def set_the_scene(settings: Settings, url: str, options: Options) -> tuple[Course, Sequence[Somebody]]:
    """Everybody and everything that takes part, in the empty database at `url`, before anything has happened."""
    seed, faults = options.seed, options.faults
    clock = FixedClock(first_morning(seed, faults))
    end = clock.now() + timedelta(days=options.days)
    fate = Fate(seed, OF_THE_HOUSE["crashes"] if "crashes" in faults else 0.0)
    carrier = Carrier(clock, of_the_carrier(seed, faults), fate.step)
    hub = _hub(settings, url, seed, faults, clock, carrier, fate)
    carrier.connect(partial(accept, hub), partial(record_receipt, hub))
    town = make_town(options.people, seed)
    filled = await fill(hub, town)
    agenda = Agenda(GRID)
    sudden = OF_THE_HOUSE["sudden_changes"] if "sudden_changes" in faults else 0.0
    staff = Staff(hub, agenda, end, seed, filled.workers, filled.people, sudden)
    phones = {(who.address, who.line): who for who in town}
    memory = Memory(clock.now(), phones, {filled.people[who.number]: who for who in town})
    driver = Worked(hub, clock, carrier, workers=WORKERS if "crashes" in faults else WORKERS[:1])
    driver.fate, driver.glance = fate, Glance(url)
    course: Course
    chances = {who.number: Random(f"{seed}/answers/{who.number}") for who in town}  # noqa: S311 - not a secret

    def write(who: Somebody, text: str) -> Act:
        return partial(course.write, who, text)

    crowd = Crowd(phones, agenda, write, chances, clock.now())
    circles = Circles(hub, agenda, write, seed, filled.workers[Side.SUPERVISION], filled.people)
    watch = Watch(hub, memory, Diary(driver.glance), lambda taken, key: crowd.got(taken, key))
    course = Course(hub, driver, agenda, staff, crowd, circles, watch, filled, faults, seed)
    return course, town


def _hub(
    settings: Settings,
    url: str,
    seed: int,
    faults: frozenset[str],
    clock: FixedClock,
    carrier: Carrier,
    fate: Fate,
) -> Hub:
    """The real hub but for its clock, carrier and assistant; and with a store in which workers die."""
    return Hub(
        store=MortalStore(url, fate),
        vault=Vault.from_text(_key(seed)),
        flows=_flows(settings.flows_folder),
        clock=clock,
        assistant=StandIn(clock, seed, faults, fate.step),
        channels=ChannelRegistry.everywhere(carrier),
        files=Cleaner(),
        public_url="https://texts.example",
    )


@cache
def _flows(folder: Path) -> Flows:
    """Read once, however many courses are run."""
    return Flows.read(folder)


def _key(seed: int) -> str:
    """The same for the same seed: links in texts are made from it."""
    return base64.b64encode(hashlib.sha256(f"simulation {seed}".encode()).digest()).decode()
