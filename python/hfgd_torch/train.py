"""The program `hfgd-train`: a checkpoint out of labelled pictures, on one device or many.

hfgd-train --data DIR -o RUN
torchrun --nproc-per-node 8 -m hfgd_torch.train --data DIR -o RUN
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from hfgd_torch import distributed
from hfgd_torch.arguments import parser
from hfgd_torch.errors import UserError
from hfgd_torch.interrupt import Interrupt
from hfgd_torch.session import Session


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains by the arguments of the command line; gives the exit status.

    0 all went well, 1 a file cannot be written, 2 wrong arguments, 3 a checkpoint that cannot be
    used, 4 a data set that cannot be used, 6 a loss that is no longer finite, 130 interrupted.
    """
    parsed = parser().parse_args(arguments)
    try:
        with Interrupt() as interrupt, distributed.joined(parsed.device) as device:
            return Session(parsed, device, interrupt).run()
    except UserError as error:
        if distributed.is_first():
            print(f"hfgd-train: {error}", file=sys.stderr)
        elif not error.is_common:
            print(f"hfgd-train: process {distributed.rank()}: {error}", file=sys.stderr)
        return error.status


def program() -> int:
    """`main` as a process of its own, which ends here where it is one of several.

    Gloo's threads may still be going after a failure; the interpreter's own end would abort the
    process, and its status would be lost.
    """
    status = main()
    if "RANK" in os.environ:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


if __name__ == "__main__":
    sys.exit(program())
