"""What the import contracts cannot say about the folders."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from goldenthread.rules.later import LIBRARIES, Later

PACKAGE = Path(__file__).resolve().parents[2] / "goldenthread"
HTTP = (
    "django.http",
    "django.shortcuts",
    "django.urls",
    "django.views",
    "django.template",
    "django.contrib.messages",
)
BELOW_WEB = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if path.relative_to(PACKAGE).parts[0] not in ("web", "config") and "migrations" not in path.parts
)
LATER = (*LIBRARIES, "jwt", "lxml", "numpy", "python_calamine", "requests", "scipy")
"""What writes and reads files, solves or speaks with a directory: no page needs it to be shown."""
LOADED = f"""
import gc, sys
gc.disable()
import django
django.setup()
from django.urls import get_resolver
from goldenthread.config.wsgi import application
get_resolver().url_patterns
print(*(name for name in {LATER!r} if name in sys.modules))
"""
WRITES = ("save", "bulk_create", "bulk_update", "update_or_create")


def imported(path: Path) -> set[str]:
    """The modules that a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", BELOW_WEB, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_web_knows_http(path):
    assert not {name for name in imported(path) if name.startswith(HTTP)}


@pytest.mark.parametrize(
    "path",
    sorted(path for path in PACKAGE.rglob("*.py") if path.name in ("models.py", "queries.py", "views.py")),
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_only_operations_write(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert not calls & set(WRITES)


def test_every_folder_says_what_it_is_in_a_sentence():
    modules = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]

    silent = [
        str(path.relative_to(PACKAGE))
        for path in modules
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_no_page_loads_what_only_files_need():
    loaded = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)

    assert loaded.stdout.split() == []


def test_only_the_one_door_loads_modules_by_name():
    modules = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
    found = {
        str(path.relative_to(PACKAGE)) for path in modules if "importlib.import_module" in imported(path)
    }

    assert found == {"rules/later.py"}


def test_the_one_door_opens_for_the_libraries_of_its_list_alone():
    with pytest.raises(ValueError, match="not among the libraries"):
        Later("goldenthread.web")
