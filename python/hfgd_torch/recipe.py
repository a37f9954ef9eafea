"""Everything that decides a training run besides the model, the data and the initial weights.

The same keys, values and files as those of `hfgd train`; `docs/training.md` says what each key
means and where its value comes from.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hfgd_torch import documents
from hfgd_torch.errors import UserError
from hfgd_torch.recipe_forms import (
    Crop,
    Form,
    choice,
    flag,
    line,
    number,
    numbers,
    optional,
    size,
    whole,
)

LONG_RUN = 30_000
"""Steps from which on batch norm's slow statistics have time to settle."""


class RecipeError(UserError):
    """A recipe with keys or values that are wrong; the message has a line for each."""


def _key(default: Any, form: Form) -> Any:  # noqa: ANN401
    return dataclasses.field(default=default, metadata={"form": form})


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A recipe; the defaults are the paper's plain one."""

    name: str = _key("plain", line())

    steps: int = _key(30_000, whole(1, 10_000_000))
    batch: int = _key(16, whole(1, 4096))
    crop: Crop = _key(Crop(513, 513), size(32, 8192))  # noqa: RUF009
    seed: int = _key(0, whole(0, 2**63 - 1))
    validate_every: int = _key(1000, whole(0, 10_000_000))
    checkpoint_every: int = _key(1000, whole(0, 10_000_000))

    optimizer: str = _key("sgd", choice("sgd", "adamw"))
    learning_rate: float = _key(0.01, number(0, 100))
    power: float = _key(0.9, number(0, 10))
    warm_up: int = _key(0, whole(0, 10_000_000))
    head_rate: float = _key(1.0, number(0, 1000))
    momentum: float = _key(0.9, number(0, 0.9999))
    betas: tuple[float, ...] = _key((0.9, 0.999), numbers(0, 0.999999, count=2))
    epsilon: float = _key(1e-7, number(1e-12, 1))
    weight_decay: float = _key(1e-4, number(0, 1))
    weight_decay_scope: str = _key("kernels", choice("kernels", "authors"))
    clip_norm: float | None = _key(None, optional(number(1e-6, 1e6)))
    batch_norm_momentum: float | None = _key(None, optional(number(0, 1)))

    scales: tuple[float, ...] = _key((0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0), numbers(0.05, 16))
    contrast: float = _key(0.0, number(0, 1))
    saturation: float = _key(0.0, number(0, 1))
    brightness: float = _key(32.0, number(0, 255))
    contrast_probability: float = _key(0.5, number(0, 1))
    saturation_probability: float = _key(0.5, number(0, 1))
    brightness_probability: float = _key(0.5, number(0, 1))
    flip_probability: float = _key(0.5, number(0, 1))

    teacher_loss: float = _key(1.0, number(0, 1000))
    student_loss: float = _key(1.0, number(0, 1000))
    auxiliary_loss: float = _key(1.0, number(0, 1000))
    guess_loss: float = _key(0.4, number(0, 1000))
    loss_mean: str = _key("all_pixels", choice("all_pixels", "valid_pixels"))
    car_intra: float = _key(1.0, number(0, 1000))
    car_intra_form: str = _key("squared_mean", choice("squared_mean", "mean_square"))
    car_inter: float = _key(1.0, number(0, 1000))
    car_includes_ignored: bool = _key(True, flag())
    focal_gamma: float = _key(0.0, number(0, 10))
    dice: float = _key(0.0, number(0, 1000))
    stop_gradients: bool = _key(True, flag())
    stop_auxiliary: bool = _key(False, flag())

    @property
    def running_momentum(self) -> float:
        """A batch's share in the running statistics: the paper's 0.0003 in long runs, else 0.01."""
        if self.batch_norm_momentum is not None:
            return self.batch_norm_momentum
        return 0.0003 if self.steps >= LONG_RUN else 0.01

    def rate(self, step: int) -> float:
        """The learning rate of the update number `step`, from 0: poly decay after a warm-up."""
        left = max(0.0, 1 - step / self.steps)
        warmth = min(1.0, (step + 1) / self.warm_up) if self.warm_up > 0 else 1.0
        return self.learning_rate * left**self.power * warmth

    def changed(self, members: Mapping[str, Any], source: str) -> Recipe:
        """This recipe with the values of a document for some keys.

        Raises:
            RecipeError: Keys or values are wrong, all of which the message names.
        """
        forms = {f.name: f.metadata["form"] for f in dataclasses.fields(self)}
        values: dict[str, Any] = {}
        problems: list[str] = []
        for key, value in members.items():
            if key not in forms:
                problems.append(f"unknown key {key}")
                continue
            try:
                values[key] = forms[key].read(value)
            except ValueError:
                problems.append(f"{key} is {value!r}, expected {forms[key].expected}")
        recipe = dataclasses.replace(self, **values)
        if recipe.warm_up >= recipe.steps:
            problems.append(f"warm_up is {recipe.warm_up}, expected fewer than steps")
        if problems:
            count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
            lines = "".join(f"\n  {problem}" for problem in problems)
            raise RecipeError(
                f"{source} has {count}:{lines}\ncorrect the recipe; docs/training.md lists the keys"
            )
        return recipe

    def to_members(self) -> dict[str, Any]:
        """Every key with its value as a document has it: what a checkpoint holds."""
        return {
            f.name: f.metadata["form"].written(getattr(self, f.name))
            for f in dataclasses.fields(self)
        }


PLAIN = Recipe()
"""The paper's recipe for ablations."""

ADVANCED = Recipe(
    name="advanced",
    steps=40_000,
    optimizer="adamw",
    learning_rate=4e-5,
    weight_decay=0.05,
    contrast=0.5,
    saturation=0.5,
)
"""The paper's recipe for comparisons with the state of the art."""

KNOWN = {recipe.name: recipe for recipe in (PLAIN, ADVANCED)}


def recipe_named(name: str) -> Recipe:
    """The known recipe of a name, or else the one in the YAML or JSON file at that path.

    Raises:
        UserError: There is neither, or the file is no recipe.
    """
    if name in KNOWN:
        return KNOWN[name]
    path = Path(name)
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(
            f"{name} cannot be read ({error}); give a recipe file or one of {', '.join(KNOWN)}"
        ) from error
    return recipe_of(documents.parsed(text, name), name, default_name=path.stem)


def recipe_of(document: object, source: str, default_name: str | None = None) -> Recipe:
    """The recipe of a document: some keys of the known one that its `base` names, or of `plain`.

    Raises:
        RecipeError: The document is no object, or keys or values are wrong.
    """
    members = {} if document is None else document
    if not isinstance(members, Mapping):
        raise RecipeError(f"{source} is no list of keys and values; correct the recipe")
    members = dict(members)
    base = members.pop("base", PLAIN.name)
    if base not in KNOWN:
        raise RecipeError(
            f"{source}: base is {base!r}; expected one of {', '.join(KNOWN)}; correct the recipe"
        )
    if default_name is not None:
        members.setdefault("name", default_name)
    return KNOWN[base].changed(members, source)
