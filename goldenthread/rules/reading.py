"""From YAML to the typed model and back: every fault is named with its path and a sentence."""

from __future__ import annotations

import yaml

from goldenthread.rules.framework import Framework


def read_pack(document: str) -> Framework:
    """Read a framework pack."""
    return Framework.model_validate(yaml.safe_load(document))
