"""What a run follows from: the model, the data, the recipe and the first weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from torch import Tensor

from hfgd_torch.checkpoint import StoredModel, read_checkpoint
from hfgd_torch.config import ConfigError, ModelConfig, strides_of
from hfgd_torch.data import DataSet
from hfgd_torch.data_search import DataRequest, NoSplitError, open_data
from hfgd_torch.errors import DataError, RunError
from hfgd_torch.initial_weights import backbone_state, continued_state, initial_state
from hfgd_torch.label_sets import LabelSet
from hfgd_torch.presets import preset, usual_width
from hfgd_torch.recipe import Recipe
from hfgd_torch.request import NO_SPLIT, Request
from hfgd_torch.vit import PATCH

Part = Literal["whole", "refinement"]
"""Which tensors a run moves: all, or those of the second student alone."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that a run follows from.

    Attributes:
        config: What is trained.
        recipe: How.
        training: What on.
        validation: What it is judged by; None for no validation.
        start: The first weights.
        start_name: Where they come from, for people.
        part: What of the model is trained.
    """

    config: ModelConfig
    recipe: Recipe
    training: DataSet
    validation: DataSet | None
    start: Mapping[str, Tensor]
    start_name: str
    part: Part = "whole"

    @property
    def fingerprint(self) -> str:
        """What changes with the pictures or labels of the run."""
        sets = [self.training] + ([self.validation] if self.validation else [])
        return "/".join(data.fingerprint for data in sets)


def plan(request: Request) -> Plan:
    """Opens the data and the starting weights, and settles what the model is made of.

    Names, colours and the ignored label of the classes are those of the first data set.

    Raises:
        UserError: Something that was asked for is not there, or does not go together.
    """
    stored = read_checkpoint(Path(request.from_)) if request.from_ else None
    own = stored and LabelSet(
        stored.config.classes, stored.config.palette, stored.config.ignore_index
    )
    training = _training_data(request, own)
    labels = training.labels
    if labels is None:
        raise DataError(
            f"{training.root}: nothing names the classes; add a classes.txt, a name on each line"
        )
    if own and own.names != labels.names:
        raise DataError(
            f"{request.from_} tells other classes apart than {training.root}; start from a "
            "checkpoint of the same classes, or from a preset"
        )
    original = stored.config if stored else _preset(request.preset)
    changes = {
        "classes": labels.names,
        "palette": labels.palette,
        "ignore_index": training.ignore_index,
    }
    config, recipe = _ablated(original, request, changes)
    start, start_name = _start(request, stored, config, recipe)
    return Plan(
        config=config,
        recipe=recipe,
        training=training,
        validation=_validation_data(request, labels),
        start=start,
        start_name=start_name,
        part="refinement" if request.refine_alone else "whole",
    )


def _preset(name: str) -> ModelConfig:
    try:
        return preset(name)
    except KeyError as error:
        raise RunError(f"there is {error.args[0]}; give one of these names") from error


def _ablated(
    original: ModelConfig, request: Request, changes: dict[str, Any]
) -> tuple[ModelConfig, Recipe]:
    """The model and the recipe with what the request changes of them, named after that."""
    recipe = request.recipe
    names = []
    if request.guidance:
        changes["guidance"] = request.guidance not in ("none", "axial")
        changes["axial"] = request.guidance not in ("none", "tokens")
        if request.guidance == "unstopped":
            recipe = replace(recipe, stop_gradients=False)
        if request.guidance != "full" or not original.guidance:
            names.append(request.guidance)
    if request.context and request.context != original.context:
        changes["context"] = request.context
        names.append(f"context_{request.context}")
    if request.upsampler and request.upsampler != original.upsampler:
        changes["upsampler"] = request.upsampler
        names.append(request.upsampler)
        strides = strides_of(request.upsampler, original.backbone_stride)
        if original.output_stride not in strides:
            changes["output_stride"] = strides[0]
    if (request.refine or request.refine_alone) and original.refine_stride is None:
        changes["refine_stride"] = 2
        names.append("refined")
    if not request.from_:  # A checkpoint's weights are as wide as they are.
        changes |= _derived(original, recipe, changes)
    name = "-".join([original.name, *names])
    try:
        config = replace(original, name=name, metrics={}, training={}, **changes)
    except ConfigError as error:
        raise RunError(
            f"{name} is no model: {error}; change what contradicts it, or start from another preset"
        ) from error
    return config, recipe


def _derived(original: ModelConfig, recipe: Recipe, changes: dict[str, Any]) -> dict[str, Any]:
    """What of a preset follows from changes of it and from the crop, where it is as usual."""
    keys = vars(original)
    derived = {}
    if original.width == usual_width(keys):
        derived["width"] = usual_width(keys | changes)
    if original.decoder == "segvit_shrunk" and original.query_grid is None:
        derived["query_grid"] = -(-max(recipe.crop) // PATCH)
    return derived


def _start(
    request: Request, stored: StoredModel | None, config: ModelConfig, recipe: Recipe
) -> tuple[Mapping[str, Tensor], str]:
    """The first weights, and where they come from."""
    if stored:
        return continued_state(stored, config, recipe.seed), stored.path.name
    if request.weights:
        path = Path(request.weights)
        return initial_state(config, recipe.seed, backbone_state(path, config)), path.name
    return initial_state(config, recipe.seed), "random"


def _training_data(request: Request, labels: LabelSet | None) -> DataSet:
    first, *others = request.data
    data = _open(request, first, request.split, labels)
    for path in others:
        data = data.joined(_open(request, path, request.split, data.labels))
    return data


def _validation_data(request: Request, labels: LabelSet) -> DataSet | None:
    """The pictures to validate on; None where there are none and none were asked for."""
    if request.val_split == NO_SPLIT:
        return None
    try:
        return _open(request, request.data[0], request.val_split or "val", labels)
    except NoSplitError:
        if request.val_split is None:
            return None
        raise


def _open(request: Request, path: str, split: str, labels: LabelSet | None) -> DataSet:
    return open_data(
        Path(path),
        DataRequest(
            split=split,
            kind=request.dataset,
            ignore_index=request.ignore_index,
            reduce_zero_label=request.reduce_zero_label,
            labels=labels,
        ),
    )
