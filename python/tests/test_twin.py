"""The models: names, shapes, sizes, costs, gradients, checkpoints."""

import itertools
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from hfgd_torch import (
    HFGD,
    PRESET_NAMES,
    CheckpointError,
    ConfigError,
    ModelConfig,
    load_checkpoint,
    preset,
    randomized,
    save_checkpoint,
)
from hfgd_torch.axial import AxialAttention
from hfgd_torch.macs import multiply_accumulates
from hfgd_torch.random_weights import uniform
from hfgd_torch.upsamplers import SemanticFPN

# Tensors of each part: a convolution is one, a batch norm four.
CONV_BN = 5
BACKBONE_TENSORS = {
    "resnet50_beta": 55 * CONV_BN,
    "resnet50": 53 * CONV_BN,
    "resnet101": 104 * CONV_BN,
    "resnet50_v1c": 55 * CONV_BN,
    "resnet101_v1c": 106 * CONV_BN,
    "resnet50_v1d": 55 * CONV_BN,
    "mobilenet_v2": 260,
    "convnext_tiny": 178,
    "swin_tiny": 169,
}
TOP_CHANNELS = {
    "mobilenet_v2": (96, 1280),
    "convnext_tiny": (384, 768),
    "swin_tiny": (384, 768),
}


def values(name: str, shape: tuple[int, ...]) -> Tensor:
    """Random numbers in [-1, 1)."""
    return torch.from_numpy(uniform(name, shape, 3)).float()


def shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a model's state dict."""
    with torch.device("meta"):
        model = HFGD(config)
    return {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}


@pytest.mark.parametrize("name", [n for n in PRESET_NAMES if "segvit" not in n])
def test_tensor_names_and_shapes(name: str) -> None:
    """Every part has its tensors, under the names of the checkpoint format."""
    config = preset(name)
    tensors = shapes(config)
    k, d, wide, inner = len(config.classes), config.width, config.context_wide, config.context_width
    expected = {"tokens.weight": (k, d), "tokens.bias": (k,)}
    count = BACKBONE_TENSORS[config.backbone] + 2
    c4, c5 = TOP_CHANNELS.get(config.backbone, (1024, 2048))
    if name.startswith("fcn"):
        expected["context.conv.conv.weight"] = (inner, c5, 3, 3)
        expected["context.project.conv.weight"] = (d, inner, 1, 1)
        count += 2 * CONV_BN
    if name.startswith("sfpn"):
        expected["upsampler.top.conv.weight"] = (d, c5, 1, 1)
        expected["upsampler.branch.3.2.conv.weight"] = (d, d, 3, 3)
        count += (3 + 1 + 7 + 1) * CONV_BN
    if name.startswith("hfgd"):
        expected["context.wide.conv.weight"] = (wide, c5, 1, 1)
        expected["context.reduce.bn.running_var"] = (inner,)
        expected["context.attention.query.weight"] = (64, inner, 1, 1)
        expected["context.attention.value.bias"] = (inner,)
        expected["context.linear.weight"] = (inner, inner, 1, 1)
        expected["axial.key.weight"] = (d, d, 1, 1)
        branches = 7 if config.output_stride == 4 else 11
        count += 3 * CONV_BN + 8 + (3 + branches + 1) * CONV_BN + 6
    if name.startswith("mmseg_fpn"):
        expected["upsampler.lateral.3.weight"] = (256, c5, 1, 1)
        expected["upsampler.output.0.bias"] = (256,)
        expected["upsampler.branch.1.0.conv.weight"] = (d, 256, 3, 3)
        expected["upsampler.branch.3.2.bn.running_var"] = (d,)
        count += 8 + 8 + 7 * CONV_BN
    elif config.upsampler != "none":
        lateral = 3 if config.upsampler == "usfpn" else 1
        expected["upsampler.lateral.2.conv.weight"] = (d, c4, lateral, lateral)
        expected["upsampler.end.bn.running_mean"] = (d,)
    assert expected.items() <= tensors.items()
    assert len(tensors) == count


def test_tensors_of_alternatives() -> None:
    """Each level's convolution, a 3×3 one that makes p5, and an attention of fewer channels."""
    plain = shapes(preset("usfpn+cae+hfgm-mobilenet_v2"))
    parts = "level_convolved+p5_convolved+top_3x3+cae_linear+axial_heads=2+axial_width=48"
    tensors = shapes(preset(f"usfpn+cae+hfgm+{parts}-mobilenet_v2"))
    changed = {name: shape for name, shape in tensors.items() if plain.get(name) != shape}
    bn = dict.fromkeys(("weight", "bias", "running_mean", "running_var"), (96,))
    expected = {
        **{f"axial.{name}.weight": (48, 96, 1, 1) for name in ("query", "key")},
        **{f"axial.{name}.bias": (48,) for name in ("query", "key")},
        "upsampler.lateral.0.conv.weight": (96, 24, 1, 1),
        "upsampler.lateral.1.conv.weight": (96, 32, 1, 1),
        "upsampler.lateral.2.conv.weight": (96, 96, 1, 1),
    }
    for name in ("top", "level.0", "level.1", "level.2", "level.3"):
        expected[f"upsampler.{name}.conv.weight"] = (96, 96, 3, 3)
        expected |= {f"upsampler.{name}.bn.{key}": shape for key, shape in bn.items()}
    assert changed == expected
    assert plain.keys() <= tensors.keys()
    c5 = shapes(preset("sfpn+top_3x3-mobilenet_v2"))["upsampler.top.conv.weight"]
    assert c5 == (96, 1280, 3, 3)
    beside = shapes(preset("hfgd+p5_from_c5+top_3x3-mobilenet_v2"))["upsampler.top.conv.weight"]
    assert beside == (96, 1280, 3, 3)


def test_levels_flow_down_as_they_are() -> None:
    """Their convolutions stand before the branches alone."""
    taps = [values(f"c{i + 2}", (1, c, 17 >> i, 9 >> i)) for i, c in enumerate((3, 4, 5, 6))]
    convolved = SemanticFPN((3, 4, 5, 6), 7, 1, 4, False, ["level_convolved"]).eval()
    plain = SemanticFPN((3, 4, 5, 6), 7, 1, 4, False).eval()
    plain.load_state_dict(
        {n: t for n, t in convolved.state_dict().items() if not n.startswith("level")}
    )
    with torch.inference_mode():
        levels = zip(convolved.level, plain.pyramid(*taps), convolved.pyramid(*taps), strict=True)
        for convolution, before, after in levels:
            assert torch.equal(convolution(before), after)


def test_cae_may_be_linear() -> None:
    """Only its last convolution has ReLU then; the tensors are the same."""
    name = "sfpn+cae+cae_linear-mobilenet_v2"
    linear, plain = (randomized(preset(n), 1).context for n in (name, "sfpn+cae-mobilenet_v2"))
    c5 = values("c5", (1, 1280, 3, 2))
    with torch.inference_mode():
        wide = linear.wide(c5)
        assert torch.equal(wide.relu(), plain.wide(c5))
        assert torch.equal(linear.reduce(wide).relu(), plain.reduce(wide))
        assert wide.min() < 0
        assert linear(c5).h.min() == 0
    assert linear.state_dict().keys() == plain.state_dict().keys()


@pytest.mark.parametrize("inner", [None, 4])
def test_axial_attention(inner: int | None) -> None:
    """Each position's shares of its column, then of its row, head by head."""
    torch.manual_seed(1)
    attention = AxialAttention(6, 2, inner=inner).double()
    x = values("x", (1, 6, 3, 4)).double()
    query, key, value = (
        layer(x)[0].unflatten(0, (2, -1))
        for layer in (attention.query, attention.key, attention.value)
    )
    scale = math.sqrt((inner or 6) / 2)
    down, across = torch.zeros_like(value), torch.zeros_like(value)
    for n, i, j in itertools.product(range(2), range(3), range(4)):
        shares = (query[n, :, i, j] @ key[n, :, :, j] / scale).softmax(0)
        down[n, :, i, j] = value[n, :, :, j] @ shares
    for n, i, j in itertools.product(range(2), range(3), range(4)):
        shares = (query[n, :, i, j] @ key[n, :, i, :] / scale).softmax(0)
        across[n, :, i, j] = down[n, :, i, :] @ shares
    torch.testing.assert_close(attention(x), x + across.flatten(0, 1))


@pytest.mark.parametrize(("name", "taps", "decoders"), [("segvit", 3, 3), ("segvit_shrunk", 1, 3)])
def test_tensors_of_masks(name: str, taps: int, decoders: int) -> None:
    """A decoder has three layers of 20 tensors, and four before them where it reads a tap."""
    tensors = shapes(preset(f"{name}-vit_large"))
    assert tensors["decoder.queries.weight"] == (150, 512)
    assert tensors["decoder.classes.bias"] == (151,)
    assert tensors[f"decoder.taps.{taps - 1}.layers.2.cross_attn.v.weight"] == (512, 512)
    assert tensors["decoder.taps.0.layers.0.self_attn.qkv.weight"] == (1536, 512)
    assert tensors["decoder.taps.0.layers.1.mlp.fc1.bias"] == (2048,)
    assert tensors["backbone.pos_embed"] == (1, 577, 1024)
    projected = 3 if taps == 3 else 2
    count = 4 + 24 * 12 + decoders * 3 * 22 + projected * 4 + 3
    assert len(tensors) == count + (0 if taps == 3 else 1)
    if taps == 1:
        assert tensors["decoder.grid.weight"] == (1600, 512)
        assert tensors["decoder.up.1.proj.weight"] == (512, 1024)


def test_backbone_names() -> None:
    """One tensor of each kind, after torchvision where torchvision has it, after timm elsewhere."""
    names = (
        "resnet50_beta",
        "resnet50",
        "resnet50_v1d",
        "mobilenet_v2",
        "convnext_tiny",
        "swin_tiny",
    )
    beta, plain, deep, mobile, convnext, swin = (shapes(preset(f"fcn-{name}")) for name in names)
    assert beta["backbone.stem.2.conv.weight"] == (128, 64, 3, 3)
    assert beta["backbone.layer1.0.downsample.0.weight"] == (256, 128, 1, 1)
    assert beta["backbone.layer4.2.bn3.running_var"] == (2048,)
    assert plain["backbone.conv1.weight"] == (64, 3, 7, 7)
    assert plain["backbone.layer2.0.downsample.1.bias"] == (512,)
    assert deep["backbone.stem.2.conv.weight"] == (64, 32, 3, 3)
    assert deep["backbone.layer1.0.downsample.0.weight"] == (256, 64, 1, 1)
    assert mobile["backbone.features.0.0.weight"] == (32, 3, 3, 3)
    assert mobile["backbone.features.1.conv.0.0.weight"] == (32, 1, 3, 3)
    assert mobile["backbone.features.2.conv.3.running_mean"] == (24,)
    assert mobile["backbone.features.18.0.weight"] == (1280, 320, 1, 1)
    assert convnext["backbone.stem.0.weight"] == (96, 3, 4, 4)
    assert convnext["backbone.stages.1.downsample.1.weight"] == (192, 96, 2, 2)
    assert convnext["backbone.stages.2.blocks.8.conv_dw.weight"] == (384, 1, 7, 7)
    assert convnext["backbone.stages.3.blocks.2.gamma"] == (768,)
    assert swin["backbone.patch_embed.proj.weight"] == (96, 3, 4, 4)
    assert swin["backbone.layers.0.blocks.1.attn.qkv.weight"] == (288, 96)
    assert swin["backbone.layers.2.blocks.5.attn.relative_position_bias_table"] == (169, 12)
    assert swin["backbone.layers.3.downsample.reduction.weight"] == (768, 1536)


@pytest.mark.parametrize("name", ["convnext_base", "swin_large"])
def test_outputs_may_be_normalised(name: str) -> None:
    """`output_norm` adds a weight and a bias for each tap, of backbones with LayerNorm."""
    plain = replace(preset("fcn-swin_tiny"), backbone=name)
    normalised = replace(plain, output_norm=True)
    assert shapes(normalised).keys() - shapes(plain).keys() == {
        f"backbone.norm{s}.{part}" for s in range(4) for part in ("weight", "bias")
    }
    assert ModelConfig.from_json(normalised.to_json()) == normalised
    with pytest.raises(ConfigError, match="output_norm is true with backbone 'resnet50'"):
        replace(normalised, backbone="resnet50")


@pytest.mark.parametrize("name", [n for n in PRESET_NAMES if "mobilenet" in n])
def test_output_sizes(name: str) -> None:
    """An odd picture that is not square; the grid of stride n has ⌈size / n⌉ cells."""
    config = preset(name)
    with torch.inference_mode():
        output = randomized(config, 1)(torch.zeros(1, 3, 65, 97))
    stride = config.output_stride
    grid = (-(-65 // stride), -(-97 // stride))
    assert output.student.shape == (1, 11, *grid)
    assert output.features.shape == (1, 96, *grid)
    assert (output.teacher is not None) == config.guidance
    if output.teacher is not None:
        assert output.teacher.shape == (1, 11, 3, 4)


def test_parameters_of_mmsegmentation() -> None:
    """As many as its Semantic FPN on ResNet-50 has with 19 classes."""
    with torch.device("meta"):
        model = HFGD(preset("mmseg_fpn-resnet50_v1c"))
    assert sum(p.numel() for p in model.parameters()) == 28_497_907


def test_a_second_upsampler_refines_the_first() -> None:
    """refine_stride 2 adds `refine.…` with the tensors of an OS 2 model and leaves the rest."""
    coarse = preset("hfgd-mobilenet_v2-os4")
    both = replace(coarse, refine_stride=2)
    added = shapes(both).keys() - shapes(coarse).keys()
    finer = shapes(preset("hfgd-mobilenet_v2-os2"))
    assert added == {f"refine.{n}" for n in finer if n.startswith(("upsampler.", "axial."))}
    image = torch.zeros(1, 3, 33, 33)
    with torch.inference_mode():
        output, plain = randomized(both, 1)(image), randomized(coarse, 1)(image)
    assert output.refined is not None
    assert output.refined.shape == (1, 11, 17, 17)
    assert torch.equal(output.student, plain.student)


def test_the_student_never_moves_the_teacher() -> None:
    """The stop-gradients of guidance: the two losses reach disjoint parameters."""
    model = randomized(preset("hfgd-mobilenet_v2-os4"), 1)
    output = model(torch.ones(1, 3, 33, 33))
    assert output.teacher is not None
    output.student.sum().backward(retain_graph=True)
    taught = {name for name, p in model.named_parameters() if p.grad is not None}
    assert {name.partition(".")[0] for name in taught} == {"upsampler", "axial"}
    model.zero_grad(set_to_none=True)
    output.teacher.sum().backward()
    teaching = {name for name, p in model.named_parameters() if p.grad is not None}
    assert taught.isdisjoint(teaching)
    assert taught | teaching == {name for name, _ in model.named_parameters()}


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("sfpn-resnet50_beta", 45.2, 45.7),
        ("hfgd-resnet50_beta-os4", 66.2, 66.7),
        ("hfgd-resnet50_beta-os2", 129.7, 130.5),
    ],
)
def test_cost_in_the_unit_of_the_paper(name: str, low: float, high: float) -> None:
    """MACs / 2³⁰ at 513×513 with 59 classes."""
    assert low <= multiply_accumulates(preset(name), (513, 513)) / 2**30 <= high


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_a_checkpoint_survives_the_disk(dtype: torch.dtype, tmp_path: Path) -> None:
    """Vectors are kept whole, weights in the precision asked for."""
    model = randomized(preset("sfpn-mobilenet_v2"), 1)
    save_checkpoint(model, tmp_path / "model.safetensors", weights=dtype)
    read = load_checkpoint(tmp_path / "model.safetensors")
    assert read.config == model.config
    for name, tensor in model.state_dict().items():
        stored = tensor.to(dtype).float() if tensor.ndim > 1 else tensor
        assert torch.equal(read.state_dict()[name], stored), name


def test_all_faults_of_a_checkpoint_are_reported(tmp_path: Path) -> None:
    """A missing, an unused, a wrong-shaped and a broken tensor in one message."""
    from safetensors.torch import load_file, save_file

    path = tmp_path / "model.safetensors"
    model = randomized(preset("sfpn-mobilenet_v2"), 1)
    save_checkpoint(model, path)
    tensors = load_file(path)
    tensors["extra"] = tensors.pop("tokens.bias")
    tensors["tokens.weight"] = torch.zeros(11, 95)
    tensors["upsampler.end.bn.bias"][3] = torch.nan
    save_file(tensors, path, metadata={"hfgd.config": model.config.to_json()})
    with pytest.raises(CheckpointError) as failure:
        load_checkpoint(path)
    for part in (
        str(path),
        "tokens.bias is missing",
        "extra is not used",
        "tokens.weight is [11, 95], expected [11, 96]",
        "upsampler.end.bn.bias holds values that are not finite",
    ):
        assert part in str(failure.value)
