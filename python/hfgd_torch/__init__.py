"""HFGD in PyTorch: the models, checkpoints and training of hfgd, for GPUs and as its reference.

Tensors are NCHW, as is usual in PyTorch; the Swift engine is NHWC. `hfgd_torch.train` trains.
"""

from hfgd_torch.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from hfgd_torch.config import ConfigError, InputNormalization, ModelConfig
from hfgd_torch.model import HFGD, Prediction
from hfgd_torch.presets import PRESET_NAMES, preset
from hfgd_torch.random_weights import randomized
from hfgd_torch.version import __version__

__all__ = [
    "HFGD",
    "PRESET_NAMES",
    "CheckpointError",
    "ConfigError",
    "InputNormalization",
    "ModelConfig",
    "Prediction",
    "__version__",
    "load_checkpoint",
    "preset",
    "randomized",
    "save_checkpoint",
]
