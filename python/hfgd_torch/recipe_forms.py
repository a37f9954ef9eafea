"""How the values of a recipe are written: what a document may have, and what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple


class Crop(NamedTuple):
    """What the network sees in training, in pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class Form:
    """A kind of value.

    Attributes:
        expected: What may stand in a document, for messages.
        read: The value that a document's value means; ValueError where it is none of those.
        written: The value as a document has it.
    """

    expected: str
    read: Callable[[object], Any]
    written: Callable[[Any], object] = lambda value: value


def whole(low: int, high: int) -> Form:
    """A whole number from `low` to `high`."""

    def read(value: object) -> int:
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not int or not low <= value <= high:
            raise ValueError
        return value

    return Form(f"a whole number from {low} to {high}", read)


def number(low: float, high: float) -> Form:
    """A number from `low` to `high`."""

    def read(value: object) -> float:
        if not isinstance(value, int | float) or type(value) is bool or not low <= value <= high:
            raise ValueError
        return float(value)

    def written(value: float) -> float:
        return int(value) if value.is_integer() else value

    return Form(f"a number from {low:g} to {high:g}", read, written)


def numbers(low: float, high: float, count: int | None = None) -> Form:
    """A list of numbers from `low` to `high`, of `count` of them or of at least one."""
    element = number(low, high)

    def read(value: object) -> tuple[float, ...]:
        if not isinstance(value, list) or len(value) != (count or max(len(value), 1)):
            raise ValueError
        return tuple(element.read(item) for item in value)

    def written(value: tuple[float, ...]) -> list[object]:
        return [element.written(item) for item in value]

    many = f"{count} " if count else ""
    return Form(f"a list of {many}numbers from {low:g} to {high:g}", read, written)


def optional(form: Form) -> Form:
    """What another form says, or null."""
    return Form(
        f"{form.expected}, or null",
        lambda value: None if value is None else form.read(value),
        lambda value: None if value is None else form.written(value),
    )


def flag() -> Form:
    """True or false."""

    def read(value: object) -> bool:
        if type(value) is not bool:
            raise ValueError
        return value

    return Form("true or false", read)


def line() -> Form:
    """Text on one line."""

    def read(value: object) -> str:
        if not isinstance(value, str) or not value.isprintable():
            raise ValueError
        return value

    return Form("a name on one line", read)


def choice(*names: str) -> Form:
    """One of a few names."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            raise ValueError
        return value

    return Form(f"one of {', '.join(names)}", read)


def size(low: int, high: int) -> Form:
    """WIDTHxHEIGHT, both from `low` to `high`."""
    side = whole(low, high)

    def read(value: object) -> Crop:
        width, _, height = value.partition("x") if isinstance(value, str) else ("", "", "")
        return Crop(side.read(int(width)), side.read(int(height)))

    expected = f"WIDTHxHEIGHT such as 513x513, each from {low} to {high}"
    return Form(expected, read, lambda value: f"{value.width}x{value.height}")
