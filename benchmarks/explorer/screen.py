"""A screen just good enough to know what a program has drawn: characters and colours by cell."""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"\x1b\[(?P<private>[?>=<]?)(?P<numbers>[0-9;:]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b[\]P^_X].*?(?:\x07|\x1b\\)|\x1b[()*+].|\x1b.|(?P<control>[\x00-\x1f])"
    r"|(?P<text>[^\x00-\x1f\x1b]+)",
    re.DOTALL,
)


class Screen:
    """Cells of (character, style), moved about as curses does: no scrolling, no wide characters."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.x = self.y = 0
        self.style = ""
        self.clear()

    def clear(self) -> None:
        """Blank everything."""
        self.cells = [[(" ", "")] * self.columns for _ in range(self.rows)]

    def text(self, row: int) -> str:
        """The characters of a row."""
        return "".join(character for character, _ in self.cells[row])

    def feed(self, text: str) -> None:
        """Draw what a terminal would draw."""
        for token in TOKEN.finditer(text):
            if run := token["text"]:
                self.put(run)
            elif control := token["control"]:
                self.control(control)
            elif (final := token["final"]) and not token["private"]:
                self.sequence(final, token["numbers"])

    def put(self, run: str) -> None:
        for character in run:
            if self.x < self.columns and self.y < self.rows:
                self.cells[self.y][self.x] = (character, self.style)
            self.x += 1
        self.last = run[-1]

    def control(self, control: str) -> None:
        if control == "\r":
            self.x = 0
        elif control == "\n":
            self.y = min(self.y + 1, self.rows - 1)
        elif control == "\b":
            self.x = max(0, self.x - 1)

    def sequence(self, final: str, numbers: str) -> None:
        if final == "m":
            self.style = "" if numbers in ("", "0") else f"{self.style};{numbers}"
            return
        values = [int(n or 0) for n in numbers.replace(":", ";").split(";")]
        first = max(1, values[0])
        if final == "H":
            self.y = min(self.rows, first) - 1
            self.x = min(self.columns, max(1, (values + [1])[1])) - 1
        elif final == "d":
            self.y = min(self.rows, first) - 1
        elif final == "G":
            self.x = min(self.columns, first) - 1
        elif final in "ABCD":
            dx, dy = {"A": (0, -1), "B": (0, 1), "C": (1, 0), "D": (-1, 0)}[final]
            self.x = min(max(0, self.x + dx * first), self.columns - 1)
            self.y = min(max(0, self.y + dy * first), self.rows - 1)
        elif final == "b":
            self.put(self.last * first)
        elif final == "X":
            self.blank(self.x, self.x + first)
        elif final == "K":
            self.blank(0 if values[0] else self.x, self.x + 1 if values[0] == 1 else self.columns)
        elif final == "J":
            if values[0] == 2:
                return self.clear()
            self.blank(self.x, self.columns)
            for y in range(self.y + 1, self.rows):
                self.cells[y] = [(" ", self.style)] * self.columns

    def blank(self, start: int, end: int) -> None:
        for x in range(start, min(end, self.columns)):
            self.cells[self.y][x] = (" ", self.style)
