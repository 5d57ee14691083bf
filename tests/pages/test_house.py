"""What the import contracts cannot say about the folders."""

import ast
from pathlib import Path

import pytest

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
