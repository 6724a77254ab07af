"""The people of a simulation with their phones: who answers a text, when and with what. Knows no store and no hub."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from handrail.simulation.agenda import Act, Agenda
from handrail.simulation.replies import CRIES, NUMBERS, OF_VICTIMS, OTHERS, RATINGS, WRONG_PERSON
from handrail.simulation.town import Habit, Somebody
from hub.words import Role
from integrations.channels.simulator import Taken

QUESTION_ANSWERED = 0.5  # reply shares of reminders with a question are near a half
ASKED_BACK_ANSWERED = 0.35  # of the questions that answer what they wrote
REMARK_ANSWERED = 0.05  # of texts that ask nothing
SURVEY, GOES_ON = "survey.", 0.9  # the questions of a survey; whoever has begun one mostly answers the next
OPENINGS = ("appointments.reminder", "appointments.moved", "attendance.", "check_ins.feel", "surveys.", "supporters.")
CRIES_FOR_HELP = 0.01  # of the texts that people write
SLOWEST, FASTEST = timedelta(days=1), timedelta(minutes=40)
SILENCE, SIGNAL = timedelta(days=3), timedelta(days=2)  # without and with signal, by turns
CODE = "<the code on the screen>"  # read off the screen at the moment of writing
CODE_SENT = 0.6
COMES_BACK = timedelta(days=6)  # after STOP

Write = Callable[[Somebody, str], Act]  # the act of writing a text


@dataclass(slots=True)
class Crowd:
    """Hears what the carrier has taken, and puts onto the agenda what people write because of it."""

    town: Mapping[tuple[str, str], Somebody]  # by phone and line
    agenda: Agenda
    write: Write
    chances: dict[int, Random]
    day_one: datetime

    def got(self, taken: Taken, text_key: str) -> None:
        """Somebody's phone rings; perhaps they answer."""
        who = self.town.get((taken.outgoing.to, taken.outgoing.line_address))
        if who is None or who.habit is Habit.NEVER:
            return
        chance = self.chances[who.number]
        if text_key == "attendance.proof_request" and chance.random() < CODE_SENT:
            self.agenda.add(taken.at + timedelta(minutes=chance.randint(0, 4)), self.write(who, CODE))
        elif chance.random() < _share(who, taken, text_key):
            self._answer(who, chance, taken, text_key)

    def _answer(self, who: Somebody, chance: Random, taken: Taken, text_key: str) -> None:
        when = taken.at + _after(who, chance)
        texts = _texts(who, chance, taken, text_key)
        if who.habit is Habit.NO_SIGNAL:
            when = self._with_signal(when)
        when = self.agenda.on_grid(when)
        for number, text in enumerate(texts):
            self.agenda.add(when + number * timedelta(minutes=1), self.write(who, text))
        if "STOP" in texts:
            self.agenda.add(when + COMES_BACK * (0.3 + chance.random()), self.write(who, "START"))

    def _with_signal(self, when: datetime) -> datetime:
        """What is written without signal leaves when it is back, all at one moment."""
        cycle = SILENCE + SIGNAL
        into = (when - self.day_one) % cycle
        return when - into + SILENCE if into < SILENCE else when


def _share(who: Somebody, taken: Taken, text_key: str) -> float:
    if who.role is Role.SUPPORTER and taken.outgoing.choices:
        return 0.9  # whoever was asked to stand by somebody mostly says so
    if text_key.startswith(SURVEY):
        return GOES_ON
    if text_key.startswith(OPENINGS):
        return QUESTION_ANSWERED
    return ASKED_BACK_ANSWERED if taken.outgoing.choices else REMARK_ANSWERED


def _after(who: Somebody, chance: Random) -> timedelta:
    return (SLOWEST if who.habit is Habit.SLOW else FASTEST) * chance.random() ** 2


def _texts(who: Somebody, chance: Random, taken: Taken, text_key: str) -> Sequence[str]:
    """What they write, one text after the other."""
    if chance.random() < CRIES_FOR_HELP:
        return [chance.choice(CRIES)]
    if text_key.startswith(SURVEY) and chance.random() < GOES_ON:
        return [chance.choice(RATINGS)]
    first = _answer(who, chance, asked=bool(taken.outgoing.choices))
    match who.habit:
        case Habit.WRONG_PERSON:
            return [chance.choice(WRONG_PERSON)]
        case _ if who.role is Role.SUPPORTER and taken.outgoing.choices:
            return [first]  # three texts are asked about three times: in such a talk texts grew without an end
        case Habit.STOPS if chance.random() < 0.3:
            return [first, "STOP", _answer(who, chance, asked=False)]
        case Habit.TWO_PARTS:
            return ["cant make 2moro kids ill", "can we do another day"]
        case Habit.BURSTS:
            return [first, *(chance.choice(OTHERS) for _ in range(2))]
        case _:
            return [first]


def _answer(who: Somebody, chance: Random, *, asked: bool) -> str:
    if asked and chance.random() < 0.6:
        return "1" if who.role is Role.SUPPORTER else chance.choice(NUMBERS)
    return chance.choice(OF_VICTIMS if who.role is Role.VICTIM and chance.random() < 0.7 else OTHERS)
