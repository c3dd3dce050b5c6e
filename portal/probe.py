"""The health check of the web container: `python portal/probe.py PORT` ends with 0 when /healthz answers."""

import os
import sys
import urllib.request


def probe(port):
    # Django answers only to its own host names; ".example.cn" stands for example.cn too.
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().strip(".").replace("*", "localhost")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
        return answer.status == 200


if __name__ == "__main__":
    sys.exit(0 if probe(sys.argv[1]) else 1)
