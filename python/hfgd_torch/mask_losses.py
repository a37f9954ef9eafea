"""SegViT's losses: which masks there are, and where each is.

Zhang et al.: SegViT (arXiv 2210.05844), equation 4. Query k is matched with class k, where the
picture has it. Labels are [N, H, W] integers, class numbers with -1 where a pixel is ignored: it
belongs to no mask. Where processes share a batch, each loss is that of the whole batch.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from hfgd_torch.distributed import summed, total
from hfgd_torch.layers import resized, size_of
from hfgd_torch.segvit import MaskGroup
from hfgd_torch.vit import PATCH

NO_OBJECT_WEIGHT = 0.1
FOCAL_WEIGHT, DICE_WEIGHT = 20.0, 1.0
ALPHA, GAMMA = 0.25, 2.0


def presence(labels: Tensor, classes: int) -> Tensor:
    """[N, H, W] → [N, K], whether a picture has a class."""
    numbers = torch.arange(classes, device=labels.device)
    return (labels.flatten(1)[:, :, None] == numbers).any(1)


def class_loss(group: MaskGroup, labels: Tensor) -> Tensor:
    """Cross entropy of what each mask shows, a scalar; "no object" counts a tenth."""
    classes = group.classes.shape[1]
    numbers = torch.arange(classes, device=labels.device)
    targets = torch.where(presence(labels, classes), numbers, classes)
    weights = torch.where(targets < classes, 1.0, NO_OBJECT_WEIGHT).to(group.classes.dtype)
    entropies = F.cross_entropy(group.classes.transpose(1, 2), targets, reduction="none")
    return summed((weights * entropies).sum()) / total(weights.sum())


def mask_loss(group: MaskGroup, labels: Tensor) -> Tensor:
    """Focal and dice loss of the masks of classes that a picture has, a scalar.

    Masks are resized to the picture first, bilinear with half-pixel centres.
    """
    height, width = size_of(group.masks)
    rows, columns = labels.shape[1:]
    is_present = presence(labels, group.masks.shape[1])
    # Without masks, too, gradients go back through the sums: all processes have to meet there.
    nothing = group.masks.flatten()[:0].sum()
    focal, dice = [nothing], [nothing]
    for masks, target, present in zip(group.masks, labels, is_present, strict=True):
        numbers = present.nonzero().flatten()
        if len(numbers) == 0:
            continue
        x = resized(masks[numbers][None], (PATCH * height, PATCH * width), align_corners=False)
        x = x[0, :, :rows, :columns].flatten(1)
        y = (target.flatten() == numbers[:, None]).to(x.dtype)
        focal.append(_focal(x, y).mean(1).sum())
        p = x.sigmoid()
        dice.append((1 - (2 * (p * y).sum(1) + 1) / ((p + y).sum(1) + 1)).sum())
    count = total(is_present.sum()).clamp(min=1)
    losses = FOCAL_WEIGHT * torch.stack(focal).sum() + DICE_WEIGHT * torch.stack(dice).sum()
    return summed(losses) / count


def _focal(x: Tensor, y: Tensor) -> Tensor:
    """Focal loss (arXiv 1708.02002) of each pixel of binary masks."""
    entropies = F.binary_cross_entropy_with_logits(x, y, reduction="none")
    misses = torch.where(y > 0, 1 - x.sigmoid(), x.sigmoid())
    return torch.where(y > 0, ALPHA, 1 - ALPHA) * misses**GAMMA * entropies
