"""Checkpoints of mmsegmentation's Semantic FPN, saved by mmengine's Runner."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import cv2
import mmseg
import numpy as np
import torch
from checkpoint import Checkpoint, Outputs, from_nchw, stage_outputs
from mmcv.transforms import Compose, LoadImageFromFile
from mmengine.config import Config
from mmengine.runner import Runner
from mmseg.datasets.transforms import PackSegInputs, Resize
from weights import randomize

CONFIGS = Path(mmseg.__file__).parent / ".mim" / "configs"
FPN_R50 = CONFIGS / "sem_fpn" / "fpn_r50_4xb2-80k_cityscapes-512x1024.py"
UPERNET_SWIN = CONFIGS / "_base_" / "models" / "upernet_swin.py"
ITERATIONS = 3
ENLARGEMENT = 1.25


def fpn_r50(folder: Path) -> Checkpoint:
    """Semantic FPN on a ResNetV1c-50, as mmsegmentation's model zoo has it."""
    runner = _runner(Config.fromfile(FPN_R50))
    formulas = randomize(runner.model)
    file = "fpn_r50_cityscapes.pth"
    _save(runner, folder, file)
    stages = [f"backbone.layer{stage}" for stage in (1, 2, 3, 4)]
    backbone = stage_outputs(runner.model, stages, from_nchw, forward=_tensor(runner.model))

    def outputs(image: torch.Tensor) -> Outputs:
        return backbone(image) | {"logits": _logits(runner.model, image)}

    return Checkpoint(runner.model, formulas, [file], outputs, predictions=_pipeline(runner.model))


def fpn_swin_tiny(folder: Path) -> Checkpoint:
    """Semantic FPN on Swin-T, whose patch merging has mmsegmentation's order of weights."""
    config = Config.fromfile(FPN_R50)
    backbone = Config.fromfile(UPERNET_SWIN).model.backbone
    config.model.pretrained = None
    config.model.backbone = backbone
    widths = [backbone.embed_dims * 2**stage for stage in range(4)]
    config.model.neck.in_channels = widths
    config.experiment_name = "fpn_swin-tiny_4xb2-80k_cityscapes-512x1024"
    config.visualizer.name = config.experiment_name  # a process has one of each name
    runner = _runner(config)
    formulas = randomize(runner.model)
    file = "fpn_swin-tiny_cityscapes.pth"
    _save(runner, folder, file)

    def outputs(image: torch.Tensor) -> Outputs:
        with _kept(runner.model.backbone) as raw:
            normed = [from_nchw(x) for x in runner.model.backbone(image)]
        names = ("c2", "c3", "c4", "c5")
        found = dict(zip(names, raw, strict=True))
        found |= dict(zip([f"{name}.normed" for name in names], normed, strict=True))
        return found | {"logits": _logits(runner.model, image)}

    return Checkpoint(
        runner.model,
        formulas,
        [file],
        outputs,
        predictions=_pipeline(runner.model),
        notes={"c2 … c5": "before the norms of the backbone's outputs; .normed: after them"},
    )


def _runner(config: Config) -> Runner:
    """The Runner of a training of some iterations, which changed no weight."""
    seconds = itertools.count(1.7e9, 0.25)
    with (
        TemporaryDirectory() as scratch,
        contextlib.chdir(scratch),
        mock.patch("time.time", lambda: next(seconds)),
        mock.patch("time.localtime", time.gmtime),
    ):
        _cityscapes(Path(config.data_root))
        name = config.get("experiment_name", Path(config.filename).stem)
        config.work_dir = f"work_dirs/{name}"
        config.randomness = {"seed": 7}
        runner = Runner.from_cfg(config)
        # What Runner.train does before and within its loop.
        runner._train_loop = runner.build_train_loop(runner._train_loop)
        runner.optim_wrapper = runner.build_optim_wrapper(runner.optim_wrapper)
        runner.param_schedulers = runner.build_param_scheduler(runner.param_schedulers)
        runner.call_hook("before_run")
        runner.call_hook("before_train")
        runner.call_hook("before_train_epoch")
        for iteration in range(ITERATIONS):
            loss = torch.tensor(3.0 / (1 + iteration))
            outputs = {"loss": loss, "decode.loss_ce": loss, "decode.acc_seg": 10.0 * loss}
            runner.call_hook("before_train_iter", batch_idx=iteration, data_batch=None)
            runner.call_hook(
                "after_train_iter", batch_idx=iteration, data_batch=None, outputs=outputs
            )
            runner._train_loop._iter += 1
    return runner


def _cityscapes(root: Path) -> None:
    """The smallest data set that the configuration's loader accepts."""
    for folder, suffix in (("leftImg8bit", "_leftImg8bit"), ("gtFine", "_gtFine_labelTrainIds")):
        (root / folder / "train").mkdir(parents=True)
        picture = np.zeros((8, 8, 3) if folder == "leftImg8bit" else (8, 8), np.uint8)
        cv2.imwrite(str(root / folder / "train" / f"a_000000_000000{suffix}.png"), picture)


def _save(runner: Runner, folder: Path, file: str) -> None:
    seconds = itertools.count(1.7e9 + 60, 0.25)
    with (
        mock.patch("time.time", lambda: next(seconds)),
        mock.patch("time.localtime", lambda: time.gmtime(1.7e9 + 60)),
    ):
        runner.save_checkpoint(str(folder), file, by_epoch=False)


def _tensor(model: torch.nn.Module) -> Callable[[torch.Tensor], torch.Tensor]:
    return lambda image: model(image, mode="tensor")


def _logits(model: torch.nn.Module, image: torch.Tensor) -> torch.Tensor:
    """The decode head's logits at a quarter of the image's size."""
    return from_nchw(model(image, mode="tensor"))


@contextlib.contextmanager
def _kept(backbone: torch.nn.Module) -> Iterator[list[torch.Tensor]]:
    """The stages' outputs before patch merging and norm, once the backbone has run."""
    found: list[torch.Tensor] = []
    handles = [
        stage.register_forward_hook(
            lambda _module, _inputs, output: found.append(output[2].unflatten(1, output[3]))
        )
        for stage in backbone.stages
    ]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


def _pipeline(model: torch.nn.Module) -> Callable[[Path], Outputs]:
    """The logits at a picture's own size, by the transforms and the predict of a test.

    `whole` feeds the picture as it is; `enlarged` feeds it 1.25 times as large, so that logits
    are resized twice.
    """

    def predictions(picture: Path) -> Outputs:
        found: Outputs = {}
        for name, scale in (("whole", 1.0), ("enlarged", ENLARGEMENT)):
            resize = [Resize(scale_factor=scale, keep_ratio=True)] if scale != 1 else []
            pipeline = Compose([LoadImageFromFile(), *resize, PackSegInputs()])
            packed = pipeline({"img_path": str(picture)})
            batch = {"inputs": [packed["inputs"]], "data_samples": [packed["data_samples"]]}
            data = model.data_preprocessor(batch, training=False)
            if name == "enlarged":
                found["enlarged.image"] = from_nchw(data["inputs"])
            inputs = data["inputs"].to(next(model.parameters()).dtype)
            (sample,) = model.predict(inputs, data["data_samples"])
            found[name] = from_nchw(sample.seg_logits.data[None])
        return found

    return predictions


CHECKPOINTS: dict[str, Callable[[Path], Checkpoint]] = {
    "mmseg-fpn_r50": fpn_r50,
    "mmseg-fpn_swin_tiny": fpn_swin_tiny,
}
