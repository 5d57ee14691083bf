"""./run takes out what outsiders may not use, installs by hash alone, and names no registry."""

import json
import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "goldenthread/web/static/vendor"
RUN = runpy.run_path(str(ROOT / "run"), run_name="run")
PINS = sorted((ROOT / "requirements").glob("*.txt"))
HOST = re.compile(r"https?://|[a-z0-9-]+\.(org|com|io|net)\b")


def stylesheet(tmp_path, text):
    """A style sheet with that text."""
    path = tmp_path / "sheet.css"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_typeface_is_taken_out_where_it_is_found_as_often_as_expected(tmp_path):
    sheet = stylesheet(tmp_path, "a{font-family:GDS Transport,arial}b{font-family:GDS Transport,arial}")

    assert RUN["stripped"](sheet, [(RUN["TYPEFACE"][0], "", 2)]) == "a{font-family:arial}b{font-family:arial}"


def test_an_upgrade_that_brings_more_of_it_stops_the_set_up(tmp_path, capsys):
    sheet = stylesheet(tmp_path, "a{font-family:GDS Transport,arial}")

    with pytest.raises(SystemExit):
        RUN["stripped"](sheet, [RUN["TYPEFACE"]])
    assert "was found 1 times, not 58" in capsys.readouterr().err


def test_a_mark_that_no_cut_covers_stops_the_set_up(tmp_path, capsys):
    sheet = stylesheet(tmp_path, "a{background:url(govuk-crest.svg)}")

    with pytest.raises(SystemExit):
        RUN["stripped"](sheet, [])
    assert "still holds 'govuk-crest'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["govuk-frontend.min.css", "govuk-frontend.min.js"])
def test_what_was_built_holds_no_mark_of_govuk(name):
    built = (VENDOR / name).read_text(encoding="utf-8")

    assert len(built) > 40_000
    assert not re.search(r"GDS Transport|@font-face|govuk-crest|__crown|sourceMappingURL", built)


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_by_hash_and_names_no_host(path):
    text = path.read_text(encoding="utf-8")

    pinned = re.findall(r"^[a-z0-9][^\s=]*==\S+", text, flags=re.MULTILINE)
    assert pinned
    assert len(re.findall(r"^[a-z0-9].*\\\n    --hash=sha256:", text, flags=re.MULTILINE)) == len(pinned)
    assert not HOST.search(text)


def test_every_npm_package_has_its_integrity_and_names_no_host():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))

    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all("integrity" in package and "resolved" not in package for package in packages.values())


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.in")), ids=lambda path: path.name)
def test_every_dependency_says_what_it_is_for(path):
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(("-r", "#"))
    ]

    assert all(re.search(r"\S\s+# \w+", line) for line in lines if line.strip())
