"""The PyTorch twin of hfgd: the same models, tensor names and random weights.

For inference, and as the reference of a training step. Tensors are NCHW, as is usual in PyTorch;
the Swift engine is NHWC.
"""

from hfgd_torch.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from hfgd_torch.config import ConfigError, InputNormalization, ModelConfig
from hfgd_torch.model import HFGD, Prediction
from hfgd_torch.presets import PRESET_NAMES, preset
from hfgd_torch.random_weights import randomized

__all__ = [
    "HFGD",
    "PRESET_NAMES",
    "CheckpointError",
    "ConfigError",
    "InputNormalization",
    "ModelConfig",
    "Prediction",
    "load_checkpoint",
    "preset",
    "randomized",
    "save_checkpoint",
]
