"""Checkpoints as timm leaves them: of its trainer, of `save_for_hf`, and a plain state_dict."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import timm
import torch
from checkpoint import Checkpoint, Outputs, from_nchw, from_nhwc, stage_outputs
from timm.models import save_for_hf
from timm.optim import create_optimizer_v2
from timm.utils import CheckpointSaver
from torch.nn import functional
from weights import randomize


def resnet50d(folder: Path) -> Checkpoint:
    """A training checkpoint: the trainer's arguments, optimiser and history beside the weights."""
    model = timm.create_model("resnet50d")
    formulas = randomize(model)
    args = argparse.Namespace(
        data_dir="imagenet",
        model="resnet50d",
        pretrained=False,
        num_classes=1000,
        img_size=None,
        mean=None,
        std=None,
        interpolation="",
        batch_size=128,
        opt="sgd",
        opt_betas=None,
        momentum=0.9,
        weight_decay=2e-5,
        lr=0.05,
        sched="cosine",
        epochs=300,
        color_jitter=0.4,
        aa="rand-m9-mstd0.5-inc1",
        bce_loss=False,
        mixup=0.2,
        model_ema=False,
        seed=42,
        amp=True,
        amp_dtype="float16",
        experiment="",
        class_map="",
    )
    saver = CheckpointSaver(
        model,
        create_optimizer_v2(model, opt="sgd", lr=args.lr, weight_decay=args.weight_decay),
        args=args,
        checkpoint_dir=str(folder),
        max_history=1,
    )
    saver.save_checkpoint(epoch=12, metric=61.25)
    for extra in ("last.pth.tar", "checkpoint-12.pth.tar"):
        (folder / extra).unlink()
    stages = [f"layer{stage}" for stage in (1, 2, 3, 4)]
    outputs = stage_outputs(model, stages, from_nchw)
    return Checkpoint(model, formulas, ["model_best.pth.tar"], outputs)


def convnext_tiny(folder: Path) -> Checkpoint:
    """`model.safetensors`, as on the hub."""
    model = timm.create_model("convnext_tiny")
    formulas = randomize(model)
    save_for_hf(model, folder, safe_serialization=True)
    stages = [f"stages.{stage}" for stage in (0, 1, 2, 3)]
    outputs = stage_outputs(model, stages, from_nchw)
    return Checkpoint(model, formulas, ["model.safetensors"], outputs)


def swin_tiny(folder: Path) -> Checkpoint:
    """A state_dict; images must fill all windows, since timm pads these after it shifts."""
    name = "swin_tiny_patch4_window7_224"
    model = timm.create_model(name, strict_img_size=False, always_partition=True)
    formulas = randomize(model)
    torch.save(model.state_dict(), folder / f"{name}.pth")
    stages = [f"layers.{stage}" for stage in (0, 1, 2, 3)]
    outputs = stage_outputs(model, stages, from_nhwc)
    return Checkpoint(
        model, formulas, [f"{name}.pth"], outputs, random_size=(448, 448), multiple=224
    )


def vit_base(folder: Path) -> Checkpoint:
    """`model.safetensors`; positions are resized as hfgd does, since timm's way is bicubic."""
    model = timm.create_model("vit_base_patch16_384", dynamic_img_size=True)
    formulas = randomize(model)
    save_for_hf(model, folder, safe_serialization=True)

    def outputs(image: torch.Tensor) -> Outputs:
        patches = model.patch_embed(image)  # [1, h, w, C]
        grid = patches.shape[1:3]
        positions = model.pos_embed[:, 1:].unflatten(1, (24, 24)).permute(0, 3, 1, 2)
        positions = functional.interpolate(positions, grid, mode="bilinear").flatten(2)
        first = model.cls_token + model.pos_embed[:, :1]
        x = torch.cat((first, patches.flatten(1, 2) + positions.transpose(1, 2)), 1)
        found = {}
        taps = {2: "c2", 5: "c3", 7: "c4", 11: "c5"}
        for index, block in enumerate(model.blocks):
            x = block(x)
            if index in taps:
                found[taps[index]] = x[:, 1:].unflatten(1, grid)
        return found

    return Checkpoint(
        model, formulas, ["model.safetensors"], outputs, random_size=(384, 384), multiple=16
    )


CHECKPOINTS: dict[str, Callable[[Path], Checkpoint]] = {
    "timm-resnet50d": resnet50d,
    "timm-convnext_tiny": convnext_tiny,
    "timm-swin_tiny": swin_tiny,
    "timm-vit_base": vit_base,
}
