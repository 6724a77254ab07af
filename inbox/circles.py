"""The map of who stands by whom as an inline SVG: people in the middle, supporters on both sides. Knows no query.

A supporter of several people is one place with several lines. The table beside it says the same: whoever reads no
picture misses nothing.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from hub.reading.stands_by import Tie

MOST = 24  # people: more lines than that nobody follows
WIDTH, ROW, TOP = 460, 34, 20
LEFT, MIDDLE, RIGHT = 96, 230, 364
HALF = 80  # of a person's box
LETTERS, FIRST_LETTERS = 18, 11
_SVG = Markup(
    '<svg class="handrail-map__picture" viewBox="0 0 {width} {height}" role="img" aria-labelledby="map-title map-says">'
    '<title id="map-title">Who stands by whom</title><desc id="map-says">{says}</desc>{parts}</svg>'
)
_LINE = Markup('<path class="handrail-map__line{shared}" d="M{x1} {y1}C{x3} {y1} {x3} {y2} {x2} {y2}"/>')
_BOX = Markup('<rect class="handrail-map__box" x="{x}" y="{y}" width="{width}" height="24" rx="4"/>')
_WORDS = Markup('<text class="handrail-map__words{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{words}</text>')


def circles(ties: Sequence[Tie]) -> Markup:
    """Empty when nobody stands by anybody."""
    people = list(dict.fromkeys(tie.person for tie in ties))[:MOST]
    shown = [tie for tie in ties if tie.person in set(people)]
    if not shown:
        return Markup("")
    left, right = _sides(shown, people)
    height = ROW * max(len(people), len(left), len(right)) + TOP
    at = {("person", key): y for key, y in _spread(people, height)}
    at |= {("left", key): y for key, y in _spread(left, height)} | {
        ("right", key): y for key, y in _spread(right, height)
    }
    parts = [*_lines(shown, at), *_people(shown, at), *_names(shown, at)]
    says = f"{len(people)} people in the middle, {len(left) + len(right)} supporters around them."
    return _SVG.format(width=WIDTH, height=height, says=says, parts=Markup("").join(parts))


def _sides(shown: Sequence[Tie], people: Sequence[int]) -> tuple[list[int], list[int]]:
    """Each supporter once: those of several on the right, the others in turn; in the order of their people."""
    place = {person: number for number, person in enumerate(people)}
    of: dict[int, list[int]] = {}
    for tie in shown:
        of.setdefault(tie.supporter, []).append(place[tie.person])
    middle = {supporter: sum(places) / len(places) for supporter, places in of.items()}
    alone = sorted((each for each in of if len(of[each]) == 1), key=lambda each: middle[each])
    left, right = alone[::2], [*alone[1::2], *(each for each in of if len(of[each]) > 1)]
    return left, sorted(right, key=lambda each: middle[each])


def _spread(keys: Sequence[int], height: int) -> Iterable[tuple[int, float]]:
    step = (height - TOP) / max(len(keys), 1)
    return ((key, round(TOP / 2 + step * (number + 0.5), 1)) for number, key in enumerate(keys))


def _lines(shown: Sequence[Tie], at: dict[tuple[str, int], float]) -> Iterable[Markup]:
    times = [tie.supporter for tie in shown]
    for tie in shown:
        side = "left" if ("left", tie.supporter) in at else "right"
        x1, x2 = (LEFT + 6, MIDDLE - HALF) if side == "left" else (RIGHT - 6, MIDDLE + HALF)
        shared = " handrail-map__line--shared" if times.count(tie.supporter) > 1 else ""
        y1, y2 = at[side, tie.supporter], at["person", tie.person]
        yield _LINE.format(shared=shared, x1=x1, y1=y1, x2=x2, y2=y2, x3=(x1 + x2) / 2)


def _people(shown: Sequence[Tie], at: dict[tuple[str, int], float]) -> Iterable[Markup]:
    for person, name in {tie.person: tie.person_name for tie in shown}.items():
        y = at["person", person]
        yield _BOX.format(x=MIDDLE - HALF, y=y - 12, width=2 * HALF)
        yield _WORDS.format(
            kind=" handrail-map__words--person", x=MIDDLE, y=y + 5, anchor="middle", words=_short(name, LETTERS)
        )


def _names(shown: Sequence[Tie], at: dict[tuple[str, int], float]) -> Iterable[Markup]:
    for supporter, name in {tie.supporter: tie.first for tie in shown}.items():
        side = "left" if ("left", supporter) in at else "right"
        x, anchor = (LEFT, "end") if side == "left" else (RIGHT, "start")
        yield _WORDS.format(kind="", x=x, y=at[side, supporter] + 5, anchor=anchor, words=_short(name, FIRST_LETTERS))


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
