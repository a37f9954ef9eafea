"""Writes Goldens/training/optimizers.json: steps of PyTorch's optimisers in double precision."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from hfgd_torch.random_weights import uniform

COUNT = 37  # two vectors of sixteen and a rest
STEPS = 4
DECAYED = 20  # the first values have weight decay, the others have none
RATES = [0.1, 0.08, 0.05, 0.01]
OPTIMIZERS = {
    "sgd": lambda groups: torch.optim.SGD(groups, lr=1, momentum=0.9),
    "adamw": lambda groups: torch.optim.AdamW(groups, lr=1, betas=(0.9, 0.99), eps=1e-7),
}


def drawn(name: str) -> torch.Tensor:
    """Parameters or gradients, [COUNT]."""
    return torch.as_tensor(uniform(name, (COUNT,), 1), dtype=torch.float64)


def run(name: str) -> list[list[float]]:
    """The parameters after each step."""
    weights = drawn("parameters")
    decayed = torch.nn.Parameter(weights[:DECAYED].clone())
    others = torch.nn.Parameter(weights[DECAYED:].clone())
    optimizer = OPTIMIZERS[name](
        [
            {"params": [decayed], "weight_decay": 0.02},
            {"params": [others], "weight_decay": 0},
        ]
    )
    after = []
    for step, rate in enumerate(RATES):
        gradient = drawn(f"gradient {step}")
        decayed.grad, others.grad = gradient[:DECAYED].clone(), gradient[DECAYED:].clone()
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        after.append([*decayed.tolist(), *others.tolist()])
    return after


def main() -> None:
    """Writes the golden."""
    folder = Path(__file__).resolve().parents[1] / "Tests/CoreTests/Goldens/training"
    folder.mkdir(parents=True, exist_ok=True)
    golden = {"torch": torch.__version__, "rates": RATES, "decay": 0.02, "decayed": DECAYED}
    golden |= {name: run(name) for name in OPTIMIZERS}
    (folder / "optimizers.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
