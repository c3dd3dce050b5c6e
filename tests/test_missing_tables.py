"""Commands on a database that nobody has migrated yet: one sentence instead of a traceback."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("command", ["load_catalogue", "recommend", "demo_city"])
def test_a_database_without_tables_is_named_with_its_remedy(command):
    # The server's own database "postgres": nothing of ours is ever in it.
    address = urlsplit(os.environ["DATABASE_URL"])
    empty = f"{address.scheme}://{address.netloc}/postgres?{address.query}"
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": empty},
        input='{"answers": {}}',
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("CommandError: 数据库里还没有表：请先运行 manage.py migrate")
    assert "Traceback" not in done.stderr
