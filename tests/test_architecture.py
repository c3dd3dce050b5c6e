"""The house keeps its arrows: imports point left, and no file is a drawer for everything."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Facts flow left to right, imports right to left; portal imports all and is imported by nobody.
APPS = ["exchange", "guidance", "licensing", "routing", "certificates", "window", "portal"]
DRAWERS = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc"}

MODULES = [
    pytest.param(path, id=str(path.relative_to(ROOT)))
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]


def imported_apps(tree):
    """(line, app) for each import of one of our apps; a relative import stays in its own app."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        else:
            continue
        yield from ((node.lineno, name.split(".")[0]) for name in names if name.split(".")[0] in APPS)


@pytest.mark.parametrize("path", MODULES)
def test_imports_point_left(path):
    own = path.relative_to(ROOT).parts[0]
    allowed = APPS[: APPS.index(own) + 1]
    wrong = [(line, app) for line, app in imported_apps(ast.parse(path.read_text())) if app not in allowed]
    assert not wrong, f"{own} may import {allowed} only"


@pytest.mark.parametrize("path", MODULES)
def test_no_function_imports_our_apps(path):
    """Such an import escapes a cycle, so an arrow is wrong."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    inside = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, functions)]
    assert not [found for function in inside for found in imported_apps(function)]


def test_no_file_is_a_drawer_for_everything():
    python = [path for app in [*APPS, "tests"] for path in (ROOT / app).rglob("*")]
    assert not [str(path) for path in python if path.stem in DRAWERS]


def test_no_app_listens_to_signals():
    """What starts what stands in portal/handlers.py, where it can be found by its name."""
    sources = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    assert not [str(path) for path in sources if "django.dispatch" in path.read_text()]


def test_each_app_beside_the_portal_is_found_by_this_test():
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps == set(APPS)
