"""The built program as the tests see it: found, started on port 0, waited for, and ended."""

import json
import os
import queue
import re
import signal
import subprocess
import tempfile
import threading
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

START_LIMIT = 60
"""Seconds until the Ready line must have come."""

STOP_LIMIT = 20
"""Seconds until the program must have ended after SIGTERM; it gives running requests ten of them."""

CALL_LIMIT = 30
"""Seconds for one answer."""

# Variables by which a user's shell could lead a client, or the program, elsewhere.
FOREIGN = (
    *("AWS_", "ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALICLOUD_", "ALIYUN_", "HUAWEICLOUD_", "HC_", "HW_"),
    *("PG", "SANMEN_"),
)
OWN = ("SANMEN_BIN", "SANMEN_TF_PLUGINS")

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def binary():
    """The program under test: what SANMEN_BIN names, else the debug build of this repository."""
    path = Path(os.environ.get("SANMEN_BIN") or REPOSITORY / "target" / "debug" / "sanmen").absolute()
    if not os.access(path, os.X_OK):
        raise FileNotFoundError(f"no program at {path}: build it with `cargo build`, or set SANMEN_BIN")
    return path


def environment(**more):
    """This process's variables without those that could lead a client elsewhere, plus `more`.

    Proxies are dropped, not only excepted: the Alibaba SDK takes HTTP_PROXY whatever NO_PROXY says.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in OWN or not (name.startswith(FOREIGN) or name.lower().endswith("_proxy"))
    }
    return kept | {
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "NETRC": os.devnull,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
        **more,
    }


def run(*arguments, **more):
    """Runs the program with these arguments to its end."""
    return subprocess.run(
        [binary(), *arguments], env=environment(**more), capture_output=True, text=True, timeout=CALL_LIMIT
    )


class Program:
    """One running server, with these variables besides."""

    def __init__(self, *arguments, listen="127.0.0.1:0", variables=None):
        self.log = tempfile.NamedTemporaryFile("w+", prefix="sanmen-", suffix=".log")
        self.process = subprocess.Popen(
            [binary(), "serve", "--listen", listen, *map(str, arguments)],
            env=environment(**(variables or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self.url = self._wait_until_ready()
        except BaseException:
            self.process.kill()
            self.process.wait(STOP_LIMIT)
            raise

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _wait_until_ready(self):
        try:
            line = self._lines.get(timeout=START_LIMIT)
        except queue.Empty:
            raise AssertionError(f"no Ready line within {START_LIMIT} s\n{self.logged()}") from None
        if line is None:
            raise AssertionError(f"ended before it was ready, exit {self.process.wait(STOP_LIMIT)}\n{self.logged()}")
        url = re.search(r"http://[\w.\-\[\]]+:\d+", line)
        assert "Ready." in line and url, f"the first line on stdout was {line!r}"
        return url[0]

    @property
    def address(self):
        """`127.0.0.1:PORT`."""
        return self.url.removeprefix("http://")

    @property
    def port(self):
        return int(self.address.rpartition(":")[2])

    def logged(self):
        """All that it wrote to stderr."""
        return Path(self.log.name).read_text(errors="replace")

    def get(self, path):
        """The body of an answer to a plain GET, as text."""
        with _direct.open(self.url + path, timeout=CALL_LIMIT) as answer:
            return answer.read().decode()

    def info(self):
        return json.loads(self.get("/_sanmen/info"))

    def reset(self):
        """Takes the world back to its seed."""
        request = urllib.request.Request(self.url + "/_sanmen/reset", data=b"", method="POST")
        with _direct.open(request, timeout=CALL_LIMIT) as answer:
            assert 200 <= answer.status < 300, answer.status

    def keys(self, method, path="", **body):
        """One call of /_sanmen/keys: the answer's JSON, None when there is none."""
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(self.url + "/_sanmen/keys" + path, data=data, method=method)
        with _direct.open(request, timeout=CALL_LIMIT) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def stop(self):
        """Ends it as a container runtime would; does nothing when it was ended already."""
        if self.process.returncode is not None:
            return
        os.kill(self.process.pid, signal.SIGTERM)
        try:
            code = self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_LIMIT)
            raise AssertionError(f"still running {STOP_LIMIT} s after SIGTERM\n{self.logged()}") from None
        assert code == 0, f"SIGTERM ended it with exit {code}\n{self.logged()}"
        self.log.close()
