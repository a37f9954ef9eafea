"""YAML as recipes are written in, by the core schema of YAML 1.2; JSON is a part of it."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml

from hfgd_torch.errors import UserError


class DocumentError(UserError):
    """A text that is no YAML."""


class _CoreLoader(yaml.SafeLoader):
    """PyYAML's loader with the scalars of YAML 1.2: `yes` is a word, `4e-5` is a number."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := {str(key) for key in keys if keys.count(key) > 1}:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {', '.join(sorted(twice))} stands there twice"
            )
        return super().construct_mapping(node, deep)


for _kind, _pattern, _first in (
    ("null", r"null|Null|NULL|~|", ["n", "N", "~", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(f"^({_pattern})$"), _first
    )


def parsed(text: str, source: str) -> Any:  # noqa: ANN401
    """The one document that a text spells; None for an empty one.

    Raises:
        DocumentError: The text is no YAML; the message begins with `source`.
    """
    try:
        return yaml.load(text, Loader=_CoreLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or "no YAML"
        raise DocumentError(
            f"{source}: {line}{problem}; correct the YAML (lines of the form key: value)"
        ) from error
