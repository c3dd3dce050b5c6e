"""Where Chromium or a Chinese font is missing, the browser tests are skipped aloud and the run is no success."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = """
import pytest

@pytest.mark.browser
def test_in_a_browser():
    raise AssertionError("ran")

def test_elsewhere():
    pass
"""


def run_with_path(tmp_path, path):
    (tmp_path / "test_sample.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser: x\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.system_packages",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
    ]
    environment = {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": os.environ.get("HOME", "/")}
    return subprocess.run([*command, str(tmp_path)], cwd=tmp_path, env=environment, capture_output=True, text=True)


def test_a_machine_without_chromium_runs_the_other_tests_and_fails_with_a_sentence(tmp_path):
    done = run_with_path(tmp_path, "/nonexistent")
    assert "1 passed, 1 skipped" in done.stdout
    assert "1 browser tests did not run: install chromium" in done.stdout
    assert done.returncode == 1


def test_a_machine_with_all_packages_runs_the_browser_tests(tmp_path):
    done = run_with_path(tmp_path, os.environ["PATH"])
    assert "1 failed, 1 passed" in done.stdout
