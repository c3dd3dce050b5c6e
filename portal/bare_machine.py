"""What a management command needs on a machine where nothing is set: the settings and servers of the demo.

Production sets SECRET_KEY and DATABASE_URL; then nothing here happens and portal/settings.py refuses what is missing.
"""

import os
import secrets
import sys

from portal import servers


def prepare(argv):
    """Complete os.environ before Django reads it. Raises SystemExit with one sentence."""
    command = argv[1] if len(argv) > 1 else "help"
    if command in ("help", "--help", "--version", "version"):
        os.environ.setdefault("DEBUG", "1")
        os.environ.setdefault("DATABASE_URL", "postgresql:///portal")
        return
    if command != "run" and (os.environ.get("DATABASE_URL") or os.environ.get("SECRET_KEY")):
        return
    start = servers.start_lasting if command == "run" else servers.join_or_start
    try:
        start()
    except servers.ServerError as error:
        sys.exit(str(error))
    _complete_settings()


def _complete_settings():
    os.environ.setdefault("SECRET_KEY", _lasting_secret())
    os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{os.environ.get('PORT') or 8000}")
    os.environ.setdefault("DATA_DIR", str(servers.RUN / "files"))
    # The demo speaks plain HTTP; browsers would not return cookies marked as secure.
    os.environ.setdefault("HTTPS", "0")
    # Whose telephone would show the codes of the demo's officers?
    os.environ.setdefault("STAFF_SECOND_FACTOR", "optional")


def _lasting_secret():
    """The key that signs sessions, kept so that a second `make run` leaves people signed in."""
    file = servers.RUN / "secret_key"
    if not file.exists():
        with open(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(50))
    return file.read_text()
