"""Reads text with SGR colour codes back into the pixels that a terminal would show."""

import re

import numpy as np

CELL_WIDTH, CELL_HEIGHT = 8, 16

_TOKEN = re.compile(r"\x1b\[([0-9;:?]*)([A-Za-z])|(\n)|(\r)|(.)", re.DOTALL)
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)


def coverage(glyph):
    """Where the glyph's own colour is, as booleans [CELL_HEIGHT, CELL_WIDTH]; Unicode's Block Elements and sextants."""
    code = ord(glyph)
    y, x = np.mgrid[0:CELL_HEIGHT, 0:CELL_WIDTH]
    lower, right = y >= CELL_HEIGHT // 2, x >= CELL_WIDTH // 2
    if glyph in " \u00a0":
        return np.zeros((CELL_HEIGHT, CELL_WIDTH), bool)
    if code == 0x2580:
        return ~lower
    if 0x2581 <= code <= 0x2588:
        return y >= CELL_HEIGHT - (code - 0x2580) * CELL_HEIGHT // 8
    if 0x2589 <= code <= 0x258F:
        return x < (0x2590 - code) * CELL_WIDTH // 8
    if code == 0x2590:
        return right
    if code == 0x2594:
        return y < CELL_HEIGHT // 8
    if code == 0x2595:
        return x >= CELL_WIDTH - CELL_WIDTH // 8
    if 0x2596 <= code <= 0x259F:
        upper_left, upper_right, lower_left, lower_right = 1, 2, 4, 8
        quadrants = {
            0x2596: lower_left,
            0x2597: lower_right,
            0x2598: upper_left,
            0x2599: upper_left | lower_left | lower_right,
            0x259A: upper_left | lower_right,
            0x259B: upper_left | upper_right | lower_left,
            0x259C: upper_left | upper_right | lower_right,
            0x259D: upper_right,
            0x259E: upper_right | lower_left,
            0x259F: upper_right | lower_left | lower_right,
        }[code]
        return (quadrants >> (2 * lower + right) & 1).astype(bool)
    if 0x1FB00 <= code <= 0x1FB3B:
        # The 64 patterns in order, without those that exist elsewhere: none, left half, right half, all.
        pattern = code - 0x1FB00 + 1
        pattern += (pattern >= 21) + (pattern + 1 >= 42)
        third = (3 * (2 * y + 1)) // (2 * CELL_HEIGHT)
        return (pattern >> (2 * third + right) & 1).astype(bool)
    raise ValueError(f"the shape of {glyph!r} (U+{code:04X}) is not known")


def xterm_colour(number):
    """Colour 16…255 of xterm: a cube of 6 × 6 × 6, then 24 greys."""
    if not 16 <= number < 256:
        raise ValueError(f"colour {number} depends on the terminal")
    if number >= 232:
        return (8 + 10 * (number - 232),) * 3
    steps = (0, 95, 135, 175, 215, 255)
    return tuple(steps[(number - 16) // place % 6] for place in (36, 6, 1))


class _Pen:
    def __init__(self):
        self.reset()

    def reset(self):
        self.foreground, self.background, self.is_reversed = _WHITE, _BLACK, False

    def apply(self, parameters):
        codes = [int(p or 0) for p in re.split("[;:]", parameters)]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.reset()
            elif code in (7, 27):
                self.is_reversed = code == 7
            elif code in (38, 48) and codes[0] == 2:
                colour, codes = tuple(codes[1:4]), codes[4:]
                if code == 38:
                    self.foreground = colour
                else:
                    self.background = colour
            elif code in (38, 48) and codes[0] == 5:
                colour, codes = xterm_colour(codes[1]), codes[2:]
                if code == 38:
                    self.foreground = colour
                else:
                    self.background = colour
            elif code == 39:
                self.foreground = _WHITE
            elif code == 49:
                self.background = _BLACK
            else:
                raise ValueError(f"colour code {code} of {parameters!r} is not known")

    @property
    def colours(self):
        pair = (self.foreground, self.background)
        return pair[::-1] if self.is_reversed else pair


def pixels(text):
    """The picture [rows · CELL_HEIGHT, columns · CELL_WIDTH, 3] in sRGB 0…255 that `text` draws."""
    pen, rows, column, shapes = _Pen(), [[]], 0, {}
    for parameters, final, newline, carriage, glyph in _TOKEN.findall(text):
        if final == "m":
            pen.apply(parameters)
        elif final == "C":
            rows[-1] += [(" ", pen.colours)] * int(parameters or 1)
        elif newline:
            rows.append([])
        elif glyph and glyph != "\x1b":
            rows[-1].append((glyph, pen.colours))
    while rows and not rows[-1]:
        rows.pop()
    columns = max(map(len, rows))
    picture = np.zeros((len(rows) * CELL_HEIGHT, columns * CELL_WIDTH, 3), np.uint8)
    for r, row in enumerate(rows):
        for c, (glyph, (foreground, background)) in enumerate(row):
            if glyph not in shapes:
                shapes[glyph] = coverage(glyph)[..., None]
            picture[
                r * CELL_HEIGHT : (r + 1) * CELL_HEIGHT, c * CELL_WIDTH : (c + 1) * CELL_WIDTH
            ] = np.where(shapes[glyph], foreground, background)
    return picture
