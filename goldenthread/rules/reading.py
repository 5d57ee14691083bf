"""From YAML to the typed model and back: every fault is named with its path and a sentence."""

from __future__ import annotations

import re

import yaml

from goldenthread.rules.framework import Framework


class _Loader(yaml.SafeLoader):
    """YAML 1.2's few plain kinds: yes, no, on, off and dates are words."""

    yaml_implicit_resolvers = {}  # noqa: RUF012


for _tag, _pattern, _first in (
    ("null", r"(?:~|null|)", ["~", "n", ""]),
    ("bool", r"(?:true|false)", ["t", "f"]),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^{_pattern}$"), _first)


def read_pack(document: str) -> Framework:
    """Read a framework pack."""
    return Framework.model_validate(yaml.load(document, Loader=_Loader))  # noqa: S506


def write_pack(pack: Framework) -> str:
    """The pack as canonical YAML: what is said in it, in the model's order, and nothing else."""
    data = pack.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


class _Dumper(yaml.SafeDumper):
    """No aliases, and strings quoted whenever the loader would take them for something else."""

    def ignore_aliases(self, data: object) -> bool:
        return True


_Dumper.yaml_implicit_resolvers = {
    first: [
        *_Loader.yaml_implicit_resolvers.get(first, []),
        *yaml.SafeDumper.yaml_implicit_resolvers.get(first, []),
    ]
    for first in {*_Loader.yaml_implicit_resolvers, *yaml.SafeDumper.yaml_implicit_resolvers}
}
