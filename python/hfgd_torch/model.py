"""HFGD: a high-level feature taught by the labels, and an upsampler guided by its class tokens.

Huang, Kang, Gao, Li, Duan: High-level Feature Guided Decoding for Semantic Segmentation
(arXiv 2303.08646). Without guidance the same parts make the baselines SemanticFPN and FCN; SegViT
has a decoder in place of all but the backbone.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from hfgd_torch.axial import AxialAttention
from hfgd_torch.config import ModelConfig
from hfgd_torch.contexts import FCN, context_of
from hfgd_torch.convnext import ConvNeXt
from hfgd_torch.deeplab import DeepLabV3Plus
from hfgd_torch.fapn import FaPN
from hfgd_torch.layers import size_of
from hfgd_torch.mmseg_fpn import MMSegFPN
from hfgd_torch.mobilenet_v2 import MobileNetV2
from hfgd_torch.resnet import VARIANTS, ResNet
from hfgd_torch.resnet50_beta import ResNet50Beta
from hfgd_torch.segvit import MaskGroup, SegViT, ShrunkSegViT, classified
from hfgd_torch.swin import Swin
from hfgd_torch.taps import Taps
from hfgd_torch.tokens import ClassTokens
from hfgd_torch.upernet import UperNet
from hfgd_torch.upsamplers import SemanticFPN
from hfgd_torch.vit import VisionTransformer


@dataclass(frozen=True)
class Prediction:
    """What one run of a model gives.

    Attributes:
        student: Logits [N, K, H/os, W/os] at the output stride: the prediction.
        features: [N, D, H/os, W/os], what the tokens multiply to give `student`.
        teacher: Logits [N, K, H/32, W/32] of the high-level feature; guided models only.
        refined: Logits [N, K, H/2, W/2] of the second upsampler, where the model has one.
        context_features: [N, C, H/32, W/32] in the context, for CAR's losses; where it has them.
        auxiliary: Logits [N, K, H/32, W/32] of the auxiliary head, where there is one.
        guess: Logits [N, K, H/32, W/32] that the context starts from, where it guesses.
        groups: What a decoder of masks found, step by step; the last one makes `student`.
        align_corners: How the logits are resized to the picture.
    """

    student: Tensor
    features: Tensor | None
    teacher: Tensor | None = None
    refined: Tensor | None = None
    context_features: Tensor | None = None
    auxiliary: Tensor | None = None
    guess: Tensor | None = None
    groups: tuple[MaskGroup, ...] = ()
    align_corners: bool = True


class HFGD(nn.Module):
    """Any model that a configuration describes; its state dict has the names of a checkpoint.

    Attributes:
        stop_gradients: Whether the student's loss is kept from the teacher, as guidance has it; the
            paper's ablation (§5.2) shares the tokens without.
        stop_auxiliary: Whether the auxiliary head's loss is kept from the backbone (§5.1).
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.stop_gradients = True
        self.stop_auxiliary = False
        self.backbone = _backbone(config)
        channels = self.backbone.tap_channels
        if config.decoder is not None:
            self.decoder = _decoder(config, channels[-1])
            return
        self.context = context_of(config, channels[-1])
        if config.upsampler != "none":
            self.upsampler = _upsampler(config, channels, config.output_stride)
            self.axial = _axial(config)
        if config.refine_stride is not None:
            self.refine = nn.ModuleDict(
                {
                    "upsampler": _upsampler(config, channels, config.refine_stride),
                    "axial": _axial(config),
                }
            )
        if config.auxiliary != "none":
            self.auxiliary = AuxiliaryHead(config, channels[-1])
        self.tokens = ClassTokens(len(config.classes), config.width)

    def forward(self, image: Tensor) -> Prediction:
        """Runs the model on normalised pictures [N, 3, H, W]; grids align for H, W = 32k + 1."""
        taps = self.backbone(image)
        if self.config.decoder is not None:
            groups = tuple(self.decoder(taps))
            scores = classified(groups[-1], size_of(image))
            return Prediction(scores, None, groups=groups, align_corners=False)
        h, context_features, guess = self.context(taps.c5)
        if self.config.upsampler == "none":
            logits = self.tokens(h)
            return Prediction(logits, h, context_features=context_features, guess=guess)

        top = taps.c5 if "p5_from_c5" in self.config.alternatives else h
        inputs = taps._replace(c5=top)
        tokens = self.tokens
        if self.config.guidance and self.stop_gradients:
            # The student learns from the teacher and never moves it.
            inputs = Taps(*(tap.detach() for tap in inputs))
            tokens = self.tokens.frozen
        features = self._refined(self.upsampler, self.axial, inputs, size_of(image))
        refined = None
        if self.config.refine_stride is not None:
            student = self.refine["upsampler"], self.refine["axial"]
            finer = self._refined(*student, inputs, size_of(image))
            refined = tokens(finer)
        return Prediction(
            student=tokens(features),
            features=features,
            teacher=self.tokens(h) if self.config.guidance else None,
            refined=refined,
            context_features=context_features,
            auxiliary=self._looked_at(taps.c5),
            guess=guess,
            align_corners=self.config.align_corners,
        )

    def _refined(
        self, upsampler: nn.Module, axial: nn.Module, inputs: Taps, picture: tuple[int, int]
    ) -> Tensor:
        """The features of a student, whose attention may stand before its upsampler's end."""
        features = axial(upsampler(*inputs, picture))
        return (
            upsampler.end(features) if "axial_before_end" in self.config.alternatives else features
        )

    def _looked_at(self, c5: Tensor) -> Tensor | None:
        """The auxiliary head's logits, where there is one."""
        if self.config.auxiliary == "none":
            return None
        return self.auxiliary(c5.detach() if self.stop_auxiliary else c5)


class AuxiliaryHead(nn.Module):
    """An FCN head on c5 with class tokens of its own, beside any model (§5.1)."""

    def __init__(self, config: ModelConfig, in_channels: int) -> None:
        super().__init__()
        head = FCN(in_channels, config.context_width, config.width)
        self.conv, self.project = head.conv, head.project
        self.tokens = ClassTokens(len(config.classes), config.width)

    def forward(self, c5: Tensor) -> Tensor:
        """[N, in, H, W] → logits [N, K, H, W]."""
        return self.tokens(self.project(self.conv(c5)))


def _backbone(config: ModelConfig) -> nn.Module:
    name = config.backbone
    if name in VARIANTS:
        return ResNet(name, config.backbone_stride, config.has_multi_grid)
    match name.partition("_")[0]:
        case "convnext":
            return ConvNeXt(name, config.output_norm)
        case "swin":
            return Swin(name, config.output_norm, shifts_always=config.upsampler == "mmseg_fpn")
        case "vit":
            return VisionTransformer(name, is_shrunk=config.decoder == "segvit_shrunk")
    if name == "resnet50_beta":
        return ResNet50Beta(config.backbone_stride, config.has_multi_grid)
    return MobileNetV2(config.backbone_stride)


def _upsampler(
    config: ModelConfig, channels: tuple[int, int, int, int], output_stride: int
) -> SemanticFPN | MMSegFPN | FaPN | UperNet | DeepLabV3Plus:
    has_context = config.context != "none"
    match config.upsampler:
        case "mmseg_fpn":
            return MMSegFPN(channels, config.pyramid_width, config.width)
        case "fapn":
            return FaPN(channels, config.width, has_context)
        case "uper":
            return UperNet(channels, config.width)
        case "deeplabv3plus":
            return DeepLabV3Plus(channels, config.width)
    # With level_convolved the 3×3 convolutions stand behind the sums, not before.
    stands_before = config.upsampler == "usfpn" and "level_convolved" not in config.alternatives
    lateral_kernel = 3 if stands_before else 1
    return SemanticFPN(
        channels, config.width, lateral_kernel, output_stride, has_context, config.alternatives
    )


def _decoder(config: ModelConfig, in_channels: int) -> SegViT | ShrunkSegViT:
    classes = len(config.classes)
    if config.decoder == "segvit_shrunk":
        return ShrunkSegViT(in_channels, config.width, classes, config.learned_grid)
    return SegViT(in_channels, config.width, classes)


def _axial(config: ModelConfig) -> nn.Module:
    if not config.axial:
        return nn.Identity()
    return AxialAttention(
        config.width,
        config.axial_heads,
        is_projected="axial_projected" in config.alternatives,
        adds_input="axial_alone" not in config.alternatives,
        inner=config.axial_width,
    )
