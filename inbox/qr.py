"""A QR code as one path of an SVG, drawn inside the page: no file, no script, no inline style."""

from dataclasses import dataclass

import qrcode


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code as one path in a square, so that it needs no style of its own."""

    side: int
    path: str


def picture_of(words: str) -> Picture:
    code = qrcode.QRCode(border=4)
    code.add_data(words)
    rows = code.get_matrix()
    dark = ((x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return Picture(len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
