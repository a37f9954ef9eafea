"""What is asked for when a model is to be trained: names and paths, kept in a run's `run.json`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hfgd_torch.errors import RunError
from hfgd_torch.recipe import PLAIN, Recipe, recipe_of

GUIDANCE = ("none", "tokens", "axial", "full", "unstopped")
"""The paper's ablations: what of HFGD's guidance a model is trained with."""
ENGINE = ("amp", "accumulate")
"""Keys that `hfgd train` has not."""
NO_SPLIT = "none"
"""The name of a split that means no validation."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked for, by the keys of `hfgd train` and two of our own.

    Attributes:
        preset: The preset that the model begins as.
        from_: A checkpoint whose model and weights are the start, in place of the preset.
        weights: ImageNet weights of the backbone.
        guidance: The ablation; None leaves the model as it is, as the next two.
        context: Another context than the model's.
        upsampler: Another upsampler than the model's.
        refine: Whether a second student at output stride 2 is trained beside the first.
        refine_alone: Whether that student is all that is trained.
        data: Folders of labelled pictures, used together; validation takes the first.
        dataset: The kind of the data sets; by default the folders tell.
        split: The part that is trained on.
        val_split: The part that is validated on; None for `val` where there is one.
        ignore_index: The label that is not counted; by default as the kind has it.
        reduce_zero_label: Whether label 0 is no class; by default as the kind has it.
        amp: What convolutions and products are computed in: `none`, `bf16` or `fp16`.
        accumulate: Into how many pieces a process cuts its share of a batch, one after the other.
        recipe: How the model is trained.
    """

    preset: str = "hfgd-mobilenet_v2-os4"
    from_: str | None = None
    weights: str | None = None
    guidance: str | None = None
    context: str | None = None
    upsampler: str | None = None
    refine: bool = False
    refine_alone: bool = False
    data: tuple[str, ...] = ()
    dataset: str | None = None
    split: str = "train"
    val_split: str | None = None
    ignore_index: int | None = None
    reduce_zero_label: bool | None = None
    amp: str = "none"
    accumulate: int = 1
    recipe: Recipe = PLAIN

    def to_record(self) -> dict[str, dict[str, Any]]:
        """Every key with its value: what `run.json` holds.

        `request` has those of `hfgd train`, which reads them, too, and `engine` our own.
        """
        members = {f.name.rstrip("_"): getattr(self, f.name) for f in dataclasses.fields(self)}
        engine = {key: members.pop(key) for key in ENGINE}
        members |= {"data": list(self.data), "recipe": self.recipe.to_members()}
        return {"request": members, "engine": engine}

    @staticmethod
    def from_record(record: Mapping[str, Any], source: str) -> Request:
        """The request that `to_record` gave.

        Raises:
            RunError: Keys are unknown or missing.
        """
        members = {**record["request"], **record["engine"]}
        names = {f.name.rstrip("_"): f.name for f in dataclasses.fields(Request)}
        if members.keys() != names.keys():
            odd = ", ".join(sorted(members.keys() ^ names.keys()))
            raise RunError(
                f"{source} is not of a run of this program ({odd}); choose another --output"
            )
        values = {names[key]: value for key, value in members.items()}
        values["data"] = tuple(values["data"])
        values["recipe"] = recipe_of(values["recipe"], source)
        return Request(**values)

    def canonical(self) -> Request:
        """The same request with absolute paths, so that it can be followed from any folder."""

        def absolute(path: str | None) -> str | None:
            return path and str(Path(path).resolve())

        return replace(
            self,
            from_=absolute(self.from_),
            weights=absolute(self.weights),
            data=tuple(str(Path(path).resolve()) for path in self.data),
        )

    def differences(self, other: Request) -> list[str]:
        """The keys whose values differ from those of another, with both: "batch is 8, not 4"."""

        def flat(request: Request) -> dict[str, Any]:
            record = request.to_record()
            members = record["request"] | record["engine"]
            return members | members.pop("recipe")

        ours, theirs = flat(self), flat(other)
        return [f"{k} is {v}, not {theirs[k]}" for k, v in ours.items() if v != theirs[k]]
