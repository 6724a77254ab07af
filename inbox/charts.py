"""Charts as inline SVG, made by the server: no script, no inline style, readable without colour. Knows no query.

Narrow on purpose: at 340 units a chart fits a phone without its words becoming small. Every number stands beside what
is drawn; the page has the same numbers as a table.
"""

from collections.abc import Iterable, Sequence
from textwrap import wrap

from markupsafe import Markup

from hub.reading.outcomes.figure import Chart, Figure, Row

WIDTH = 340
_BAR, _BAR_HEIGHT, _LINE_HEIGHT, _GAP = 215, 16, 16, 12
_LABEL = 42  # characters of a line
_LETTER = 8.5  # of a bold number in the widest of usual typefaces; Arial needs 7
_LEFT, _TOP, _TALL, _BOTTOM = 34, 22, 110, 34  # of a line chart: room for its numbers
_EVERY = 4  # of its labels
_WORDS = Markup('<text class="{name}" x="{x}" y="{y}" text-anchor="{anchor}">{words}</text>')
_RECTANGLE = Markup('<rect class="{name}" x="0" y="{y}" width="{width}" height="{height}"/>')
_RULE = Markup('<line class="handrail-chart__rule" x1="{}" y1="{}" x2="{}" y2="{}"/>')
_DOT = Markup('<circle class="handrail-chart__dot" cx="{}" cy="{}" r="4"/>')


def chart(figure: Figure) -> Markup:
    """The figure's chart; empty when it has none, or nothing to draw."""
    rows = [row for row in figure.rows if not row.sum]
    if not figure.drawn or not any(row.size is not None for row in rows):
        return Markup("")
    if figure.chart is Chart.LINE:
        return _svg(figure, _TOP + _TALL + _BOTTOM, _line(rows))
    parts, height = _bars(rows, figure.whole)
    return _svg(figure, height, parts)


def _svg(figure: Figure, height: int, parts: Iterable[Markup]) -> Markup:
    head = Markup(
        '<svg class="handrail-chart" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="chart-{key} chart-{key}-says">'
        '<title id="chart-{key}">{title}</title><desc id="chart-{key}-says">{says}</desc>'
    ).format(width=WIDTH, height=height, key=figure.key, title=figure.title, says=_in_words(figure))
    return head + Markup("").join(parts) + Markup("</svg>")


def _in_words(figure: Figure) -> str:
    drawn = (row for row in figure.rows if not row.sum)
    return f"{figure.drawn}. " + "; ".join(f"{row.label}: {_said(row)}" for row in drawn) + "."


def _said(row: Row) -> str:
    """What stands beside the bar, or why there is none."""
    return row.said or str(row.cells[-1])


def _text(x: float, y: float, words: str, *, kind: str = "", anchor: str = "start") -> Markup:
    name = f"handrail-chart__words{f' handrail-chart__words--{kind}' if kind else ''}"
    return _WORDS.format(name=name, x=_short(x), y=_short(y), anchor=anchor, words=words)


def _bars(rows: Sequence[Row], whole: float | None) -> tuple[list[Markup], int]:
    longest = whole or max((row.size or 0 for row in rows), default=0) or 1
    full = min(_BAR, WIDTH - 6 - _LETTER * max(len(_said(row)) for row in rows))
    parts: list[Markup] = []
    y = 0
    for row in rows:
        for words in wrap(row.label, _LABEL) or [""]:
            y += _LINE_HEIGHT
            parts.append(_text(0, y - 4, words))
        width = full * (row.size or 0) / longest
        if whole:  # what a full bar would be
            parts.append(_box("handrail-chart__whole", y, full))
        parts.append(_box("handrail-chart__bar", y, max(width, 1) if row.size is not None else 0))
        parts.append(_text((full if whole else width) + 6, y + _BAR_HEIGHT - 3, _said(row), kind="number"))
        y += _BAR_HEIGHT + _GAP
    return parts, y


def _box(name: str, y: float, width: float) -> Markup:
    return _RECTANGLE.format(name=name, y=_short(y), width=_short(width), height=_BAR_HEIGHT)


def _line(rows: Sequence[Row]) -> list[Markup]:
    highest = max((row.size or 0 for row in rows), default=0) or 1
    step = (WIDTH - _LEFT - 10) / max(len(rows) - 1, 1)
    places = [
        None if row.size is None else (_LEFT + n * step, _TOP + _TALL * (1 - row.size / highest))
        for n, row in enumerate(rows)
    ]
    parts = _scale(highest)
    parts += [_stroke(run) for run in _runs(places) if len(run) > 1]
    for place, row in zip(places, rows, strict=True):
        if place:
            parts.append(_DOT.format(*map(_short, place)))
            parts.append(_text(place[0], place[1] - 8, row.said, kind="number", anchor="middle"))
    return parts + _names(rows, step)


def _scale(highest: float) -> list[Markup]:
    """Nought and the highest, each with its line across."""
    parts = []
    for value, y in ((0, _TOP + _TALL), (highest, _TOP)):
        parts.append(_RULE.format(_LEFT, y, WIDTH, y))
        parts.append(_text(_LEFT - 6, y + 4, f"{value:,.0f}", anchor="end"))
    return parts


def _names(rows: Sequence[Row], step: float) -> list[Markup]:
    """Under every fourth point and the last, so that they do not run into each other."""
    last = len(rows) - 1
    shown = [n for n in range(0, last, _EVERY * -(-len(rows) // 13)) if last - n >= _EVERY / 2] + [last]
    y = _TOP + _TALL + 20
    return [
        _text(
            min(_LEFT + n * step, WIDTH) if n == last else _LEFT + n * step,
            y,
            " ".join(rows[n].label.split()[:2]),
            anchor="end" if n == last else "middle",
        )
        for n in shown
    ]


def _stroke(run: Sequence[tuple[float, float]]) -> Markup:
    points = " ".join(f"{_short(x)},{_short(y)}" for x, y in run)
    return Markup('<polyline class="handrail-chart__line" points="{}"/>').format(points)


def _runs(places: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Points side by side: what is hidden leaves a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place:
            runs[-1].append(place)
        elif runs[-1]:
            runs.append([])
    return runs


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
