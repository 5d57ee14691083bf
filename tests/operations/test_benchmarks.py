"""The benchmarks run: each at its smallest size, so that none can rot. Nothing here is timed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("pages", "autosave of one answer"),
        ("month", "Gap to the linear programme's bound: 0.000000 (goal 0, met)"),
        ("import", "0 created, 0 changed, 200 unchanged"),
        ("documents", "spreadsheet in (P11)"),
        ("running", "slowest save meanwhile"),
        ("reports", "0 differ from a rebuild (goal 0, met)"),
    ],
)
def test_a_benchmark_measures_at_its_smallest_size(name, told):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GOLDENTHREAD_")}
    command = [sys.executable, "-m", "tests.benchmarks", name, "--size", "0.002", "--rounds", "1"]

    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
    )

    assert ran.returncode == 0, ran.stderr[-2000:]
    assert told in ran.stdout
