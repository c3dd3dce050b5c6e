"""The pytest plugin that skips the browser tests where Chromium, pango or a Chinese font is missing, and says so.

What was not tested is no success: the run's exit code is 1 then.
"""

import ctypes.util
import shutil
import subprocess

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


def pytest_configure(config):
    config.missing_packages = _missing()
    config.skipped_for_packages = 0


def pytest_collection_modifyitems(config, items):
    if not config.missing_packages:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=f"needs {', '.join(config.missing_packages)}"))
            config.skipped_for_packages += 1


def pytest_sessionfinish(session):
    if session.config.skipped_for_packages and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    if config.skipped_for_packages:
        packages = " ".join(config.missing_packages)
        terminalreporter.write_line(
            f"{config.skipped_for_packages} browser tests did not run: install {packages} (on Debian: "
            f"`apt install {packages}`) and run `make test` again.",
            red=True,
        )


def _missing():
    found = {
        "chromium": CHROMIUM,
        "libpangoft2-1.0-0": ctypes.util.find_library("pangoft2-1.0"),
        "fonts-noto-cjk": _chinese_font(),
    }
    return [package for package, present in found.items() if not present]


def _chinese_font():
    if not shutil.which("fc-list"):
        return ""
    return subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True).stdout.strip()
