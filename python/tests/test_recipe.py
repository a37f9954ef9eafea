"""Recipes: the same keys, values and files as those of `hfgd train`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hfgd_torch.documents import DocumentError, parsed
from hfgd_torch.recipe import ADVANCED, PLAIN, Recipe, RecipeError, recipe_named, recipe_of

ROOT = Path(__file__).resolve().parents[2]


def documented() -> dict[str, list[str]]:
    """Keys of the table in docs/training.md with the values of both recipes."""
    rows = {}
    for line in (ROOT / "docs" / "training.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[0].startswith("`") and not cells[0].startswith("`--"):
            rows[cells[0].strip("`")] = cells[1:3]
    return rows


def test_keys_and_values_are_those_of_the_documentation() -> None:
    """What `hfgd` prints of its own recipes, number by number."""
    rows = documented()
    for column, recipe in enumerate((PLAIN, ADVANCED)):
        members = recipe.to_members()
        assert list(members) == list(rows)
        for key, value in members.items():
            text = value if isinstance(value, str) else json.dumps(value)
            assert text == rows[key][column], key


def test_a_recipe_survives_json() -> None:
    """What a checkpoint holds is read back."""
    recipe = PLAIN.changed(
        {"crop": "65x97", "clip_norm": 1, "scales": [1], "car_intra_form": "mean_square"}, "test"
    )
    members = json.loads(json.dumps(recipe.to_members()))
    assert recipe_of(members, "test") == recipe
    assert (recipe.crop.width, recipe.crop.height) == (65, 97)


def test_the_recipe_of_the_sample_models() -> None:
    """A YAML file with a base; what it does not name is the base's."""
    recipe = recipe_named(str(ROOT / "samples" / "models" / "camvid.yaml"))
    assert recipe.name == "camvid"
    assert (recipe.steps, recipe.batch, recipe.crop) == (1800, 4, (353, 353))
    assert recipe.optimizer == ADVANCED.optimizer
    assert recipe.contrast == ADVANCED.contrast
    assert recipe.scales == (0.75, 1, 1.25, 1.5, 1.75, 2)


def test_all_problems_are_named_at_once() -> None:
    """Keys that do not exist, and values that make no sense."""
    wrong = {
        "step": 1,
        "steps": 0,
        "batch": True,
        "crop": "513",
        "betas": [0.9],
        "scales": [],
        "clip_norm": "no",
        "optimizer": "adam",
        "car_intra_form": "square",
        "stop_gradients": 1,
        "learning_rate": -1,
        "name": "two\nlines",
    }
    with pytest.raises(RecipeError) as failure:
        PLAIN.changed(wrong, "my.yaml")
    text = str(failure.value)
    assert text.startswith(
        "my.yaml has 12 problems:\n  unknown key step\n  steps is 0, expected a "
    )
    assert "crop is '513', expected WIDTHxHEIGHT such as 513x513, each from 32 to 8192" in text
    assert "clip_norm is 'no', expected a number from 1e-06 to 1e+06, or null" in text
    assert "car_intra_form is 'square', expected one of squared_mean, mean_square" in text
    assert text.endswith("correct the recipe; docs/training.md lists the keys")


def test_a_warm_up_ends_before_the_run() -> None:
    """Values that make no sense together."""
    with pytest.raises(RecipeError, match="warm_up is 5, expected fewer than steps"):
        PLAIN.changed({"steps": 5, "warm_up": 5}, "test")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("true", True),
        ("4e-5", 4e-5),
        ("1_000", "1_000"),
        ("010", 10),
        ("[1, .5, ~]", [1, 0.5, None]),
        ("'1'", "1"),
        ("2024-01-01", "2024-01-01"),
        ("", None),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    """As in the recipes of `hfgd`: no octal numbers or dates, `yes` is a word."""
    assert parsed(text, "test") == value


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: [", "&a [*a", "a: !!python/object:x {}"])
def test_what_is_no_yaml_is_told_with_its_line(text: str) -> None:
    """Keys that stand there twice, too."""
    with pytest.raises(DocumentError, match=r"^my.yaml: .*correct the YAML"):
        parsed(text, "my.yaml")


def test_a_recipe_that_is_not_there() -> None:
    """The message names the known ones."""
    with pytest.raises(RecipeError, match=r"slow cannot be read .* one of plain, advanced"):
        recipe_named("slow")


def test_the_learning_rate_decays_after_a_warm_up() -> None:
    """(1 - t / T)^power, times (t + 1) / warm_up while that is below 1."""
    recipe = Recipe(steps=10, learning_rate=0.5, power=2, warm_up=4)
    assert recipe.rate(0) == 0.5 / 4
    assert recipe.rate(1) == pytest.approx(0.5 * 0.81 * 2 / 4)
    assert recipe.rate(5) == 0.5 * 0.25
    assert recipe.rate(10) == 0


def test_running_statistics_are_slow_in_long_runs() -> None:
    """Unless the recipe says otherwise."""
    assert Recipe(steps=29_999).running_momentum == 0.01
    assert Recipe(steps=30_000).running_momentum == 0.0003
    assert Recipe(steps=30_000, batch_norm_momentum=0.1).running_momentum == 0.1
