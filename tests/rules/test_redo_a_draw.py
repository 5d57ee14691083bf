"""The script in the how-to redoes a draw outside the product."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from goldenthread.rules.draws import METHODS, Case, draw, frame_csv, method_of, verify

PAGE = Path(__file__).parents[2] / "docs/how-to/redo-a-draw.md"
SCRIPT = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]
FRAME = [
    Case(
        f"k{n}", team, f"p{n % 9}" if n % 5 else "", team, n % 7 > 0, "" if n % 7 else 'closed, "in October"'
    )
    for team in ("Home First: CART", "MASH")
    for n in (range(0, 40) if team == "MASH" else range(40, 80))
]


@pytest.fixture
def folder(tmp_path):
    done = draw(FRAME, "snowman: ☃", [("MASH", 6), ("Home First: CART", 8)])
    (tmp_path / "frame.csv").write_bytes(frame_csv(FRAME))
    (tmp_path / "draw.json").write_bytes(done.as_json())
    return tmp_path


def redo(folder):
    command = [sys.executable, "-I", "-c", SCRIPT, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_published_script_redoes_an_export(folder):
    done = redo(folder)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["MASH: the same 6 cases", "Home First: CART: the same 8 cases"]


def test_the_published_script_redoes_a_draw_in_turn(tmp_path):
    frame = [Case(f"k{n}", "MASH", f"p{n}", "MASH", True, turn=f"20{n % 5:02}-01-01") for n in range(30)]
    done = draw(frame, "7", [("MASH", 8)], METHODS["longest open first"])
    (tmp_path / "frame.csv").write_bytes(frame_csv(frame))
    (tmp_path / "draw.json").write_bytes(done.as_json())

    assert redo(tmp_path).stdout.splitlines() == ["MASH: the same 8 cases"]


@pytest.mark.parametrize("nominated", [False, True])
def test_the_published_script_redoes_a_systematic_draw(tmp_path, nominated):
    first = ["1 nominated " if nominated and n in (7, 21) else "2 drawn " * nominated for n in range(30)]
    turns = [f"{first[n]}20{n % 5:02}-01-01" for n in range(30)]
    frame = [Case(f"k{n}", "MASH", f"p{n % 12}", "MASH", n % 9 > 0, turn=turns[n]) for n in range(30)]
    done = draw(frame, "7", [("MASH", 8)], method_of("systematic", "opened", nominated=nominated))
    (tmp_path / "frame.csv").write_bytes(frame_csv(frame))
    (tmp_path / "draw.json").write_bytes(done.as_json())

    assert len(done.strata[0].picks) == 8
    assert redo(tmp_path).stdout.splitlines() == ["MASH: the same 8 cases"], redo(tmp_path).stderr


def test_the_published_script_and_ours_check_that_a_size_is_the_share_that_it_is_said_to_be(folder):
    done = json.loads((folder / "draw.json").read_text(encoding="utf-8"))
    done["strata"][0]["share"] = {"per_cent": 0.07, "cases": 80_001, "open_on": "2026-09-30"}
    done["strata"][1]["share"] = {"per_cent": 0.01, "cases": 80_000, "open_on": "2026-09-30"}
    (folder / "draw.json").write_text(json.dumps(done), encoding="utf-8")

    assert redo(folder).stderr.strip() == "MASH: 57 would be its share, not 6"
    assert verify((folder / "frame.csv").read_bytes(), done) == [
        "Stratum MASH: 0.07% of 80,001 cases open on 30 September 2026 is 57, and draw.json asks for 6."
    ]

    done["strata"][0]["share"]["cases"] = 8_500
    (folder / "draw.json").write_text(json.dumps(done), encoding="utf-8")

    assert len(redo(folder).stdout.splitlines()) == 2
    assert verify((folder / "frame.csv").read_bytes(), done) == []


def test_the_published_script_notices_another_seed(folder):
    path = folder / "draw.json"
    path.write_text(path.read_text(encoding="utf-8").replace("snowman: ☃", "snowman"), encoding="utf-8")

    assert "the seed draws" in redo(folder).stderr


def test_the_published_script_notices_another_frame(folder):
    path = folder / "frame.csv"
    path.write_bytes(path.read_bytes().replace(b"true", b"false", 1))

    assert "is not the frame that was drawn from" in redo(folder).stderr


def test_the_published_script_is_short_and_needs_nothing_installed():
    imported = re.search(r"^import (.*)$", SCRIPT, re.MULTILINE)[1].split(", ")

    assert set(imported) <= sys.stdlib_module_names and "goldenthread" not in SCRIPT
    assert len([line for line in SCRIPT.splitlines() if line.strip()]) <= 46
