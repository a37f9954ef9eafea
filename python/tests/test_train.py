"""The program `hfgd-train`: its files, how it stops and goes on, and what it refuses."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import Run, places, torchrun
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from hfgd_torch import load_checkpoint
from hfgd_torch.engine import Engine
from hfgd_torch.initial_weights import initial_state
from hfgd_torch.optimizers import decay
from hfgd_torch.plan import plan
from hfgd_torch.presets import preset
from hfgd_torch.recipe import PLAIN, recipe_of
from hfgd_torch.request import Request
from hfgd_torch.run_folder import RunFolder
from hfgd_torch.run_log import term_name
from hfgd_torch.train import main
from hfgd_torch.trainer import Trainer

Train = Callable[..., Run]
SHORT = (
    "--preset", "sfpn-mobilenet_v2", "--batch", "2", "--crop", "65x49", "--quiet",
    "--set", "scales=[0.75, 1, 1.5]",
)  # fmt: skip


def log(run: Path) -> list[dict[str, Any]]:
    """The lines of a run's log, without times."""
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    for line in lines:
        line.pop("seconds", None)
    return lines


def stated(path: Path) -> dict[str, str]:
    """The metadata of a checkpoint."""
    with safe_open(path, framework="pt") as file:
        return file.metadata()


def config_of(path: Path) -> dict[str, Any]:
    """What a checkpoint says of itself."""
    return json.loads(stated(path)["hfgd.config"])


def same(first: Path, second: Path) -> bool:
    """Whether two checkpoints hold the same tensors to the last bit, and say the same."""
    a, b = load_file(first), load_file(second)
    is_equal = a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)
    return is_equal and config_of(first) == config_of(second)


@pytest.fixture(scope="module")
def finished(scenes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of six steps and two validations."""
    run = tmp_path_factory.mktemp("runs") / "whole"
    arguments = [*SHORT, "--steps", "6", "--validate-every", "3", "--checkpoint-every", "2"]
    assert main(["--data", str(scenes), "-o", str(run), *arguments, "--device", "cpu"]) == 0
    return run


def test_the_files_of_a_run(finished: Path, scenes: Path) -> None:
    """Checkpoints that say how they were made, and a log with the keys of `hfgd train`."""
    names = ("best.safetensors", "last.safetensors", "log.jsonl", "model.safetensors", "run.json")
    assert sorted(path.name for path in finished.iterdir()) == list(names)
    assert (finished / "model.safetensors").stat().st_mode == (finished / "run.json").stat().st_mode
    lines = log(finished)
    events = ["step"] * 3 + ["validation"] + ["step"] * 3 + ["validation"]
    assert [line["event"] for line in lines] == events
    step, validation = lines[0], lines[3]
    assert list(step) == ["event", "step", "loss", "terms", "learning_rate", "gradient_norms"]
    assert (step["step"], step["learning_rate"]) == (1, 0.01)
    assert step["terms"] == {"student os4": step["loss"]}
    assert step["gradient_norms"].keys() == {"teacher"}
    assert list(validation) == ["event", "step", "mIoU", "best", "stages"]
    assert validation["stages"][0]["output_stride"] == 4
    assert list(validation["stages"][0]["IoU"]) == list(preset("sfpn-mobilenet_v2").classes)

    last, made = (config_of(finished / f"{name}.safetensors") for name in ("last", "model"))
    best = max((line for line in lines if line["event"] == "validation"), key=lambda v: v["mIoU"])
    assert last["training"]["step"] == last["training"]["validated"] == 6
    assert last["training"]["data"] == "camvid train"
    assert (last["training"]["samples"], last["training"]["start"]) == (6, "random")
    assert recipe_of(last["training"]["recipe"], "test").steps == 6
    assert made["training"]["step"] == made["training"]["best"]["step"] == best["step"]
    assert made["metrics"]["mIoU"] == pytest.approx(best["mIoU"], abs=0.01)
    assert json.loads((finished / "run.json").read_text())["request"]["data"] == [str(scenes)]


def test_checkpoints_hold_the_same_model(finished: Path) -> None:
    """The best one, kernels rounded, is the model; the last one has the optimiser beside it."""
    best = load_file(finished / "best.safetensors")
    for name, tensor in load_file(finished / "model.safetensors").items():
        assert tensor.dtype == (torch.float16 if tensor.ndim > 1 else torch.float32)
        assert torch.equal(tensor, best[name].to(tensor.dtype)), name
    last = load_file(finished / "last.safetensors")
    model = load_checkpoint(finished / "last.safetensors")
    parameters = {name for name, _ in model.named_parameters()}
    moments = {n.removeprefix("optimizer.momentum_buffer.") for n in last if n.startswith("opt")}
    assert moments == parameters
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, last[name])


def test_the_first_weights_are_those_of_hfgd() -> None:
    """By name and seed; keys of an attention start as its queries, batch norm as the identity."""
    state = initial_state(preset("hfgd-mobilenet_v2-os4"), seed=4)
    assert torch.equal(state["axial.key.weight"], state["axial.query.weight"])
    assert not torch.equal(state["axial.value.weight"], state["axial.query.weight"])
    kernel = state["upsampler.end.conv.weight"]
    bound = (6 / (96 + 96)) ** 0.5
    assert 0.99 * bound < kernel.abs().max() <= bound
    assert (state["upsampler.end.bn.running_var"] == 1).all()
    assert not state["tokens.bias"].any()


@pytest.mark.parametrize("name", ["fcn-convnext_tiny", "sfpn-swin_tiny", "mmseg_fpn-resnet50_v1c"])
def test_other_models_train_too(name: str, scenes: Path, tmp_path: Path) -> None:
    """Layer scales start small and tables of positions at 0; neither decays nor is kept as F16."""
    run = tmp_path / "run"
    arguments = ["--device", "cpu", "--data", str(scenes), "-o", str(run), "--preset", name]
    assert main([*arguments, *SHORT[2:], "--steps", "1", "--val-split", "none"]) == 0
    state = initial_state(load_checkpoint(run / "last.safetensors").config, seed=0)
    made = load_file(run / "model.safetensors")
    for key, tensor in state.items():
        if key.endswith("gamma"):
            assert (tensor == 1e-6).all()
        if key.endswith("relative_position_bias_table"):
            assert not tensor.any()
            assert made[key].dtype == torch.float32
    is_decaying = [decay(key, tensor, PLAIN) > 0 for key, tensor in state.items()]
    dtypes = [made[key].dtype == torch.float16 for key in state]
    assert is_decaying == dtypes


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_a_resumed_run_ends_in_the_same_bytes(
    optimizer: str, scenes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped after a step, killed after another, its log cut through: as if nothing had been."""
    arguments = [
        "--data", str(scenes), "--device", "cpu", *SHORT, "--steps", "4", "--validate-every", "2",
        "--set", f"optimizer={optimizer}", "--set", "checkpoint_every=1",
    ]  # fmt: skip
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert main([*arguments, "-o", str(whole)]) == 0

    from hfgd_torch import interrupt

    class Impatient(interrupt.Interrupt):
        """Asks to stop as soon as the run has been saved at a step."""

        @property
        def is_requested(self) -> bool:
            return (parts / "last.safetensors").exists()

        @is_requested.setter
        def is_requested(self, value: bool) -> None:
            pass

    monkeypatch.setattr("hfgd_torch.train.Interrupt", Impatient)
    assert main([*arguments, "-o", str(parts)]) == 130
    assert config_of(parts / "last.safetensors")["training"]["step"] == 1
    monkeypatch.undo()
    # What a kill leaves: lines of steps that were not saved, half a line, a draft.
    line = (parts / "log.jsonl").read_text().replace('"step": 1', '"step": 2')
    with (parts / "log.jsonl").open("a") as file:
        file.write(line + '{"event": "st')
    (parts / ".draft-0").touch()
    assert main(["-o", str(parts), "--resume", "--quiet", "--device", "cpu"]) == 0
    for name in ("last", "best", "model"):
        assert same(whole / f"{name}.safetensors", parts / f"{name}.safetensors"), name
    assert log(parts) == log(whole)
    assert not list(parts.glob(".draft-*"))


def test_a_finished_run_stays_as_it_is(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Resuming it says so."""
    before = (finished / "model.safetensors").read_bytes()
    assert main(["-o", str(finished), "--resume", "--device", "cpu"]) == 0
    assert "the run is finished" in capsys.readouterr().err
    assert (finished / "model.safetensors").read_bytes() == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("processes", [1, 2])
def test_a_signal_leaves_a_run_that_goes_on(
    processes: int,
    number: signal.Signals,
    scenes: Path,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    """With workers, which it reaches as well: from a terminal, a scheduler, or by torchrun."""
    run = tmp_path / "run"
    started_by = torchrun(processes) if processes > 1 else []
    command = [
        sys.executable, *started_by, "-m", "hfgd_torch.train", "--data", scenes, "-o", run, *SHORT,
        "--steps", "500", "--workers", "1", "--device", "cpu", "--json",
    ]  # fmt: skip
    started = subprocess.Popen(
        list(map(str, command)), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    assert started.stdout is not None
    started.stdout.readline()
    os.killpg(started.pid, number)
    _, told = started.communicate(timeout=120)
    assert started.returncode == (130 if processes == 1 else 1), told
    step = config_of(run / "last.safetensors")["training"]["step"]
    assert f"interrupted after step {step} of 500, which is saved" in told
    assert log(run)[-1]["step"] == step


def test_without_torchrun_statuses_are_those_of_the_program(
    scenes: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """As in a job of Slurm, which tells every process its place and signals all, workers too."""
    run = tmp_path / "run"
    command = [
        sys.executable, "-m", "hfgd_torch.train", "--data", scenes, "-o", run, *SHORT,
        "--steps", "500", "--workers", "1", "--device", "cpu", "--json",
    ]  # fmt: skip
    started = [
        subprocess.Popen(
            list(map(str, command)), env=environment | place, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
        )
        for place in places(2)
    ]  # fmt: skip
    assert started[0].stdout is not None
    started[0].stdout.readline()
    for process in started:
        os.killpg(process.pid, signal.SIGTERM)
    told = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [130, 130], told
    step = config_of(run / "last.safetensors")["training"]["step"]
    assert f"interrupted after step {step} of 500, which is saved" in told[0]


def test_processes_go_on_from_the_same_checkpoint(
    scenes: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """Or not at all: here each has a folder of its own, and one is a step ahead."""
    last = []
    for rank in range(2):
        run = tmp_path / f"{rank}"
        begun = ["--data", str(scenes), "-o", str(run), *SHORT, "--steps", "2"]
        assert main([*begun, "--val-split", "none", "--device", "cpu"]) == 0
        last.append(run / "last.safetensors")
    config = config_of(last[1])
    config["training"]["step"] = 1
    save_file(load_file(last[1]), last[1], {"hfgd.config": json.dumps(config)})
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "hfgd_torch.train", "-o", str(path.parent), "--resume",
             "--device", "cpu"],
            env=environment | place, stderr=subprocess.PIPE, text=True,
        )
        for path, place in zip(last, places(2), strict=True)
    ]  # fmt: skip
    told = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [2, 2], told
    assert "process 1 differs from process 0" in told[0]
    assert "last.safetensors has to be the same file on all machines" in told[0]


def test_two_processes_train_one_model(
    train: Train, finished: Path, scenes: Path, tmp_path: Path
) -> None:
    """By the command of the README; the first alone writes, and resumed it goes on."""
    run = tmp_path / "run"
    arguments = ["--data", scenes, "-o", run, *SHORT, "--steps", "6", "--validate-every", "3"]
    done = train(*arguments, "--checkpoint-every", "2", processes=2)
    assert done.returncode == 0, done.stderr
    # Rounding soon tells them apart; test_distributed compares more, in double precision.
    assert log(run)[0]["loss"] == pytest.approx(log(finished)[0]["loss"], rel=1e-5)
    assert [line["event"] for line in log(run)] == [line["event"] for line in log(finished)]
    done = train("-o", run, "--resume", processes=2)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("the run is finished") == 1


def test_ablations_and_a_second_student(scenes: Path, finished: Path, tmp_path: Path) -> None:
    """What is trained alone moves, and nothing else."""
    teacher, refined = tmp_path / "teacher", tmp_path / "refined"
    guided = ["--device", "cpu", "--data", str(scenes), *SHORT[2:], "--steps", "1"]
    assert main([*guided, "-o", str(teacher), "--guidance", "tokens", "--recipe", "advanced"]) == 0
    assert config_of(teacher / "model.safetensors")["name"] == "hfgd-mobilenet_v2-os4-tokens"
    assert log(teacher)[0]["terms"].keys() == {
        "teacher", "student os4", "car intra-c2p", "car inter-c2c", "car inter-c2p",
    }  # fmt: skip
    assert log(teacher)[0]["gradient_norms"].keys() == {"teacher", "student"}
    start = teacher / "last.safetensors"
    assert main([*guided, "-o", str(refined), "--from", str(start), "--refine-alone"]) == 0
    config = config_of(refined / "last.safetensors")
    assert (config["name"], config["refine_stride"]) == ("hfgd-mobilenet_v2-os4-tokens-refined", 2)
    assert log(refined)[0]["terms"].keys() == {"student os2"}
    assert log(refined)[0]["gradient_norms"].keys() == {"refinement"}
    before, after = load_file(start), load_file(refined / "last.safetensors")
    kept = {name for name in before if not name.startswith("optimizer.")}
    assert all(torch.equal(before[name], after[name]) for name in kept)
    added = {name for name in after if not name.startswith("optimizer.")} - kept
    assert {name.partition(".")[0] for name in added} == {"refine"}
    first = initial_state(load_checkpoint(refined / "last.safetensors").config, seed=0)
    moved = "refine.upsampler.end.conv.weight"
    assert not torch.equal(after[moved], first[moved])


@pytest.mark.parametrize(
    ("term", "name"),
    [
        ("teacher", "teacher"),
        ("auxiliary", "auxiliary"),
        ("auxiliary_dice", "auxiliary dice"),
        ("student", "student os4"),
        ("student_dice", "student os4 dice"),
        ("refined", "student os2"),
        ("refined_dice", "student os2 dice"),
        ("guess", "guess"),
        ("guess_dice", "guess dice"),
        ("intra_c2p", "car intra-c2p"),
        ("inter_c2c", "car inter-c2c"),
        ("classes_1", "step 1 classes"),
        ("masks_3", "step 3 masks"),
    ],
)
def test_terms_have_the_names_of_hfgd(term: str, name: str) -> None:
    """Those of its log, which curves are drawn of."""
    assert term_name(term, 4) == name


def test_another_upsampler_brings_its_stride(scenes: Path) -> None:
    """Where it cannot answer at the model's."""

    def strides(name: str, upsampler: str) -> tuple[int, str]:
        config = plan(Request(data=(str(scenes),), preset=name, upsampler=upsampler)).config
        return config.output_stride, config.name

    found = strides("hfgd-mobilenet_v2-os2", "fapn")
    assert found == (4, "hfgd-mobilenet_v2-os2-fapn")
    assert strides("hfgd-mobilenet_v2-os2", "sfpn")[0] == 2
    assert strides("sfpn+fcn-mobilenet_v2", "none")[0] == 32
    assert strides("fcn-mobilenet_v2-d8", "sfpn")[0] == 4


def test_another_context_makes_the_preset_of_that_name(scenes: Path) -> None:
    """As wide as that."""
    for name, other, context, upsampler in (
        ("sa_car-mobilenet_v2", "sfpn+sa_car-mobilenet_v2", "sa_car", "sfpn"),
        ("fcn-mobilenet_v2", "sa-mobilenet_v2", "sa", "none"),
        ("sfpn+fcn-mobilenet_v2", "uper+ppm-mobilenet_v2", "ppm", "uper"),
    ):
        request = Request(data=(str(scenes),), preset=name, context=context, upsampler=upsampler)
        assert plan(request).config.width == preset(other).width


def test_a_named_width_stays(scenes: Path) -> None:
    """One that is not the preset's own for its parts; so does a named width of the context."""

    def width(name: str, **changes: str) -> int:
        return plan(Request(data=(str(scenes),), preset=name, **changes)).config.width

    assert width("sfpn+sa_car+width=64-mobilenet_v2", upsampler="none") == 64
    assert width("fcn+width=64-mobilenet_v2", context="sa") == 64
    assert width("fcn+context_width=48-mobilenet_v2", context="sa") == 48
    # What lies between may be no model: 250 is no multiple of 4 heads.
    name = "uper+sa+context_width=250-mobilenet_v2"
    assert width(name, upsampler="sfpn", guidance="full") == 96


def test_queries_are_learned_on_the_grid_of_the_crop(
    scenes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rounded up; a named grid stays, and a checkpoint has its own."""
    monkeypatch.setattr("hfgd_torch.plan.initial_state", lambda *_: {})
    recipe = PLAIN.changed({"crop": "65x97"}, "test")

    def grid(name: str) -> int:
        return plan(Request(data=(str(scenes),), preset=name, recipe=recipe)).config.learned_grid

    assert grid("segvit_shrunk-vit_base") == 7
    assert grid("segvit_shrunk+query_grid=5-vit_base") == 5
    assert grid("segvit_shrunk+query_grid=40-vit_base") == 40
    assert grid("segvit-vit_base") == 40
    stored = tmp_path / "stored.safetensors"
    training = preset("sfpn-mobilenet_v2")
    labels = {key: getattr(training, key) for key in ("classes", "palette", "ignore_index")}
    config = replace(preset("segvit_shrunk-vit_base"), **labels)
    save_file({}, stored, {"hfgd.config": config.to_json()})
    monkeypatch.setattr("hfgd_torch.plan.continued_state", lambda *_: {})
    request = Request(data=(str(scenes),), from_=str(stored), recipe=recipe)
    assert plan(request).config.query_grid == 40


def test_fp16_goes_on_with_what_adamw_has_counted(
    scenes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first step overflows, so of three AdamW has made two, also where it was stopped."""
    scaler = partial(torch.amp.GradScaler, init_scale=2.0**120, backoff_factor=2.0**-120)
    monkeypatch.setattr(torch.amp, "GradScaler", scaler)
    recipe = PLAIN.changed({"optimizer": "adamw", "steps": 3, "batch": 2, "crop": "33x33"}, "test")
    planned = plan(Request(data=(str(scenes),), preset="sfpn-mobilenet_v2", recipe=recipe))
    engine = Engine(device=torch.device("cpu"), amp="fp16")
    first, second = (Trainer(planned, RunFolder(tmp_path), engine) for _ in range(2))
    assert not first.run(lambda: first.step == 2, lambda _: None)
    second.resume()
    assert second.run(lambda: False, lambda _: None)
    metadata = stated(tmp_path / "last.safetensors")
    assert json.loads(metadata["hfgd_torch.scaler"])["scale"] == 1
    assert metadata["hfgd_torch.updates"] == "2"


def test_half_precision_and_pieces_train_too(scenes: Path, finished: Path, tmp_path: Path) -> None:
    """bf16 in the network, maps as NHWC: near the loss in float32, weights still float32."""
    run = tmp_path / "run"
    arguments = ["--device", "cpu", "--data", str(scenes), "-o", str(run), *SHORT, "--steps", "2"]
    assert main([*arguments, "--amp", "bf16", "--channels-last", "--accumulate", "2"]) == 0
    assert load_file(run / "last.safetensors")["tokens.weight"].dtype == torch.float32
    whole = log(finished)[0]["loss"]
    assert log(run)[0]["loss"] == pytest.approx(whole, rel=0.2)
    assert log(run)[0]["loss"] != whole


@pytest.mark.parametrize("prefix", ["", "backbone."])
@pytest.mark.parametrize("form", ["safetensors", "pth", "wrapped.pth"])
def test_weights_of_imagenet(form: str, prefix: str, scenes: Path, tmp_path: Path) -> None:
    """By torchvision's names; the classifier and counts of batches are left out."""
    state = initial_state(preset("sfpn-mobilenet_v2"), seed=9)
    backbone = {
        prefix + name.removeprefix("backbone."): tensor
        for name, tensor in state.items()
        if name.startswith("backbone.")
    }
    extras = {
        f"{prefix}classifier.1.weight": torch.zeros(1000, 1280),
        f"{prefix}features.0.1.num_batches_tracked": torch.tensor(7),
    }
    file = tmp_path / f"weights.{form}"
    if form == "safetensors":
        save_file(backbone | extras, file)
    elif form == "pth":
        torch.save(backbone | extras, file)
    else:
        torch.save({"state_dict": backbone | extras, "epoch": 3}, file)
    run = tmp_path / "run"
    arguments = ["--device", "cpu", "--data", str(scenes), "-o", str(run), *SHORT, "--steps", "1"]
    assert main([*arguments, "--weights", str(file), "--set", "learning_rate=0"]) == 0
    last = load_file(run / "last.safetensors")
    kernel = "backbone.features.1.conv.0.0.weight"
    assert torch.equal(last[kernel], state[kernel])
    assert config_of(run / "last.safetensors")["training"]["start"] == file.name


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--data", "{scenes}", "--preset", "hfgd"], 2, "there is no preset 'hfgd'"),
        (["--data", "{scenes}", "--amp", "int8"], 2, "invalid choice: 'int8'"),
        ([], 2, "--data is missing; give the folder of the data set, or --resume"),
        (["--data", "{scenes}", "--set", "dice"], 2, "write --set dice=1"),
        (["--data", "{scenes}", "--set", "dise=1"], 2, "unknown key dise"),
        (["--data", "{scenes}", "--steps", "many"], 2, "steps is 'many', expected a whole number"),
        (["--data", "{scenes}", "--recipe", "slow"], 2, "give a recipe file or one of plain"),
        (["--data", "{scenes}", "--batch", "3", "--accumulate", "2"], 2, "change --batch"),
        (["--data", "{scenes}", "--refine-alone"], 2, "give it with --from"),
        (["--data", "{scenes}", "--refine"], 2, "is no model: refine_stride is 2"),
        (["--data", "{scenes}", "--from", "{run}", "--weights", "w"], 2, "leave out --preset and"),
        (["--data", "{scenes}", "--device", "quantum"], 2, "give --device cpu"),
        (["--data", "{scenes}", "--from", "{run}/run.json"], 3, "give a checkpoint of hfgd"),
        (["--data", "{scenes}", "--weights", "{run}/run.json"], 3, "give a .safetensors file, or"),
        (["--data", "{scenes}", "--weights", "{run}/best.safetensors"], 3, "tokens.bias is not"),
        (["--data", "{run}"], 4, "laid out as none of these"),
        (["--data", "{scenes}", "--val-split", "test"], 4, "has no split test, found train, val"),
        (["--data", "{scenes}/train"], 4, "laid out as none of these"),
    ],
)
def test_what_cannot_be_done_is_told(
    arguments: list[str],
    status: int,
    message: str,
    scenes: Path,
    finished: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In a sentence that ends with the remedy; nothing is begun."""
    given = [text.format(scenes=scenes, run=finished) for text in arguments]
    short = SHORT if "--preset" not in given and "--from" not in given else SHORT[2:]
    try:
        found = main(["-o", str(tmp_path / "run"), "--device", "cpu", *short, *given])
    except SystemExit as exit_:
        found = exit_.code
    told = capsys.readouterr().err
    assert message in told
    assert "Traceback" not in told
    assert found == status


def test_a_folder_holds_one_run(
    scenes: Path, finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another begun there, other arguments or other data are errors; so is a run of hfgd."""
    run = tmp_path / "run"
    shutil.copytree(finished, run)
    basic = ["-o", str(run), "--device", "cpu", "--quiet"]

    def told(*arguments: str) -> tuple[int, str]:
        return main([*basic, *arguments]), capsys.readouterr().err

    status, text = told("--data", str(scenes))
    assert status == 2
    assert "holds a run already; go on with it by --resume" in text
    status, text = told("--resume", "--steps", "7", "--set", "dice=1")
    assert status == 2
    assert "steps is 6, not 7\n  dice is 0, not 1\nleave them out" in text
    record = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps(record | {"fingerprint": "other"}))
    status, text = told("--resume")
    assert status == 4
    assert "are not what they were at its beginning" in text
    (run / "run.json").write_text(json.dumps(record | {"schema": "hfgd.train/1"}))
    status, text = told("--resume")
    assert status == 2
    assert "go on with a run of hfgd by hfgd train --resume" in text


def test_a_folder_has_one_trainer(
    scenes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another process holds the log."""
    from hfgd_torch.run_folder import RunFolder
    from hfgd_torch.run_log import RunLog

    held = RunLog(RunFolder(tmp_path))
    arguments = ["-o", str(tmp_path), "--device", "cpu", "--data", str(scenes), *SHORT]
    assert main(arguments) == 2
    assert "another process trains in" in capsys.readouterr().err
    held.close()


def test_a_loss_that_is_not_finite_ends_the_run(
    scenes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before it is saved."""
    arguments = ["--device", "cpu", "--data", str(scenes), "-o", str(tmp_path / "run"), *SHORT]
    huge = ["--steps", "9", "--learning-rate", "100", "--set", "weight_decay=1"]
    status = main([*arguments, *huge, "--set", "momentum=0.99", "--set", "head_rate=1000"])
    assert status == 6
    told = capsys.readouterr().err
    assert "lower learning_rate" in told
    assert not (tmp_path / "run" / "last.safetensors").exists()


def test_a_sample_that_cannot_be_read_ends_the_run(
    train: Train, scenes: Path, tmp_path: Path
) -> None:
    """With the sentence of the process that read it."""
    data = tmp_path / "data"
    shutil.copytree(scenes, data)
    for label in (data / "trainannot").iterdir():
        label.write_bytes(label.read_bytes()[:60])
    done = train("--data", data, "-o", tmp_path / "run", *SHORT, "--steps", "1", "--workers", "1")
    assert done.returncode == 4
    assert "cannot be read as a label map" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_has_examples(train: Train) -> None:
    """And tells the version."""
    done = train("--help")
    assert done.returncode == 0
    assert "torchrun --nproc-per-node 8 -m hfgd_torch.train" in done.stdout
    assert all(len(line) <= 100 for line in done.stdout.splitlines())
