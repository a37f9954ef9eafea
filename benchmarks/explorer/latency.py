#!/usr/bin/env python3
"""How long the explorer takes to answer a key on the screen while a model runs at full load.

    make build
    python benchmarks/explorer/latency.py

The explorer runs on a pseudo terminal. A key's time is from the moment it is written to the last byte
of the frame that shows its effect: the palette on the screen, another position in the inspector, the
view's name in the pane's title, a picture that has moved. Frames of the spinner and of finished
predictions are not taken for answers. What the processor does meanwhile is printed beside the times.
Needs no packages.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import multiprocessing
import os
import pathlib
import pty
import re
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection

from screen import Screen

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
END = b"\x1b[?2026l"
FRAME = re.compile(rb"\x1b\[\?2026h(.*?)\x1b\[\?2026l", re.DOTALL)
#: What a terminal answers: its kind, that it is ready, where the cursor is.
ANSWERS = {b"\x1b[c": b"\x1b[?62;22c", b"\x1b[5n": b"\x1b[0n", b"\x1b[6n": b"\x1b[1;2R"}
COLUMNS, ROWS = 160, 50


@dataclass
class Frame:
    """A frame as it came: bytes, and when the first and the last of them were read."""

    data: bytes
    begin: float
    end: float


def read_frames(fd: int, sender: Connection) -> None:
    """Answer the terminal's questions and pass frames on, in a process of its own: a terminal reads at once."""
    buffer, begin = bytearray(), 0.0
    while True:
        try:
            data = os.read(fd, 1 << 20)
        except OSError:
            return
        now = time.perf_counter()
        for question, answer in ANSWERS.items():
            if question in data:
                os.write(fd, answer * data.count(question))
        if not buffer:
            begin = now
        buffer += data
        # Its own time is measured too, so the end is looked for in what is new.
        if END not in buffer[-len(data) - len(END) :]:
            continue
        while match := FRAME.search(buffer):
            sender.send(Frame(bytes(match[1]), begin, now))
            del buffer[: match.end()]
            begin = now
        if b"\x1b[?2026h" not in buffer:
            # What stands between frames, such as a question.
            buffer.clear()


class Session:
    """The program on a pseudo terminal."""

    def __init__(self, command: list[str]) -> None:
        self.state = tempfile.TemporaryDirectory()
        self.start = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("4H", ROWS, COLUMNS, 0, 0))
            os.environ.update(
                TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", LC_ALL="C.UTF-8",
                XDG_STATE_HOME=self.state.name, XDG_CONFIG_HOME=self.state.name,
            )  # fmt: skip
            for name in ("TMUX", "STY", "NO_COLOR"):
                os.environ.pop(name, None)
            os.execv(command[0], command)
        self.screen = Screen(COLUMNS, ROWS)
        self.received, sender = multiprocessing.Pipe(duplex=False)
        self.reader = multiprocessing.Process(target=read_frames, args=(self.fd, sender))
        self.reader.start()
        sender.close()

    def frames(self, seconds: float) -> Iterator[Frame]:
        """The frames that end within some time, as they come."""
        deadline = time.perf_counter() + seconds
        while self.received.poll(max(0.0, deadline - time.perf_counter())):
            try:
                yield self.received.recv()
            except EOFError:
                return

    def draw(self, frame: Frame) -> None:
        self.screen.feed(frame.data.decode("utf-8", "replace"))

    def settle(self, seconds: float) -> None:
        """Take in what comes for some time."""
        for frame in self.frames(seconds):
            self.draw(frame)

    def press(self, key: str, is_answer: Callable[[list, list], bool]) -> float | None:
        """Seconds until a frame shows the key's effect; nothing where two seconds were not enough."""
        before = [row[:] for row in self.screen.cells]
        sent = time.perf_counter()
        os.write(self.fd, key.encode())
        for frame in self.frames(2):
            self.draw(frame)
            if frame.begin >= sent and is_answer(before, self.screen.cells):
                return frame.end - sent
            if frame.data and header(before) != header(self.screen.cells):
                # A prediction has arrived: from here on the picture differs for its own reasons.
                before = [row[:] for row in self.screen.cells]
        return None

    def processor_seconds(self) -> float:
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def quit(self) -> None:
        os.write(self.fd, b"q")
        self.settle(1)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.reader.join()
        os.close(self.fd)


def text(cells: list, row: int) -> str:
    return "".join(character for character, _ in cells[row])


def header(cells: list) -> str:
    return text(cells, 0)


def title_differs(before: list, after: list) -> bool:
    return text(before, 1) != text(after, 1)


def position_differs(before: list, after: list) -> bool:
    def position(cells: list) -> str | None:
        found = [re.match(r" *\((\d+,\d+)\)", text(cells, row)) for row in range(ROWS - 5, ROWS)]
        return next((match[1] for match in found if match), None)

    return position(after) is not None and position(before) != position(after)


def picture_differs(before: list, after: list) -> bool:
    changed = sum(
        a != b for y in range(2, ROWS - 5) for a, b in zip(before[y], after[y], strict=True)
    )
    return changed > 0.15 * COLUMNS * ROWS


def palette_is(there: bool) -> Callable[[list, list], bool]:
    def holds(_: list, after: list) -> bool:
        return there == any(":▏" in text(after, row) for row in range(ROWS))

    return holds


def first_picture(command: list[str], runs: int) -> list[float]:
    """Seconds from the start of the process to a frame with a picture in it."""
    times = []
    for _ in range(runs):
        session = Session(command)
        empty = [row[:] for row in session.screen.cells]
        for frame in session.frames(5):
            session.draw(frame)
            if picture_differs(empty, session.screen.cells):
                times.append(frame.end - session.start)
                break
        session.quit()
    return times


@contextlib.contextmanager
def large_folder(data: pathlib.Path, images: int) -> Iterator[str]:
    """A folder of links to one picture."""
    picture = next(path for path in sorted(data.rglob("*")) if path.suffix in {".jpg", ".png"})
    with tempfile.TemporaryDirectory() as folder:
        for i in range(images):
            os.symlink(picture.resolve(), f"{folder}/image-{i:06}{picture.suffix}")
        yield folder


def measure(command: list[str], rounds: int) -> tuple[dict[str, list[float]], float, int]:
    """Times by kind of key, the share of the processors in use, and how many keys had no answer."""
    session = Session(command)
    session.settle(1.5)
    times: dict[str, list[float]] = {"cursor": [], "palette": [], "view": [], "pan": [], "zoom": []}
    missed = 0
    begin, used = time.perf_counter(), session.processor_seconds()

    def press(kind: str, key: str, is_answer: Callable[[list, list], bool]) -> None:
        nonlocal missed
        seconds = session.press(key, is_answer)
        if seconds is None:
            missed += 1
        else:
            times[kind].append(seconds)
        session.settle(0.02)

    os.write(session.fd, b"\r")
    for round_ in range(rounds):
        # Another image starts the models anew, so that they never run out of work.
        os.write(session.fd, b"n" if round_ % 6 < 3 else b"p")
        session.settle(0.15)
        for key in "lj" if round_ % 2 else "hk":
            press("cursor", key, position_differs)
        press("palette", ":", palette_is(True))
        press("palette", "\x1b", palette_is(False))
        # Views that always differ from one another and from cell to cell, whatever the model says.
        press("view", "1", title_differs)
        press("zoom", "+", title_differs)
        for key in "LH":
            press("pan", key, picture_differs)
        press("view", "2", title_differs)
        press("zoom", "f", title_differs)
        press("view", "3", title_differs)
    load = (session.processor_seconds() - used) / (time.perf_counter() - begin)
    session.quit()
    return times, load / (os.cpu_count() or 1), missed


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / ".build/release/hfgd"))
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--starts", type=int, default=20)
    parser.add_argument("--images", type=int, default=10000, help="in the large folder")
    parser.add_argument("--data", default=str(ROOT / "samples/scenes"))
    parser.add_argument("--model", default="hfgd-resnet50_beta-os2")
    args = parser.parse_args()
    load = [
        args.program, "explore", args.model, "--random", "1", "--data", args.data, "--cache", "1",
    ]  # fmt: skip
    times, share, missed = measure(load, args.rounds)
    times["first picture"] = first_picture([args.program], args.starts)
    with large_folder(pathlib.Path(args.data), args.images) as folder:
        command = [args.program, "explore", args.model, "--random", "1", "--data", folder]
        times[f"{args.images} images"] = first_picture(command, args.starts)
    limits = {"cursor": 16, "palette": 16, "first picture": 150, f"{args.images} images": 300}
    print(f"{100 * share:.0f} % of the processors in use, {missed} keys without an answer")
    print(f"{'':14} {'n':>5} {'median':>8} {'p95':>8} {'p99':>8} {'slowest':>8}  limit   (ms)")
    failed = missed > 0
    for kind, values in times.items():
        limit = limits.get(kind, 33)
        ms = [1000 * v for v in values]
        failed = failed or percentile(ms, 0.99) > limit
        print(
            f"{kind:14} {len(ms):5} {statistics.median(ms):8.1f} {percentile(ms, 0.95):8.1f} "
            f"{percentile(ms, 0.99):8.1f} {max(ms):8.1f}  {limit}"
        )
    sys.exit(5 if failed else 0)


if __name__ == "__main__":
    main()
