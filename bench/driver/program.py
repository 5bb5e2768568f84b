"""The program under test: built, started, asked, measured from outside, and ended."""

import http.client
import json
import os
import select
import socket
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

LIMIT = 600
"""Seconds until a server must be ready: it looks through a large file before it serves it."""

_TICK = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """What was measured did not do what it should: there is no number to tell."""


def build():
    """Builds the release binary, and says where it is."""
    subprocess.run(["cargo", "build", "--release", "--locked"], cwd=REPOSITORY, check=True)
    return Path(os.environ.get("CARGO_TARGET_DIR") or REPOSITORY / "target") / "release" / "sanmen"


def environment():
    """The variables of this process, without those that would say something to the program."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SANMEN_")}


def connect(port):
    """A connection to a port of this machine, on which small messages leave at once."""
    connection = socket.create_connection(("127.0.0.1", port), 60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def read_answer(connection):
    """Status and body of the next answer on a connection."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status, answer.read()


class Server:
    """One running server. Its log goes nowhere, but it is written."""

    def __init__(self, binary, *arguments):
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--log-format", "json", *map(str, arguments)],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        readable, _, _ = select.select([self.process.stdout], [], [], LIMIT)
        line = self.process.stdout.readline().decode() if readable else ""
        if not line.startswith("Ready. http://"):
            self.stop()
            raise Failed(f"the server does not start: {binary} serve {' '.join(map(str, arguments))}")
        self.url = line.removeprefix("Ready. ").strip()
        self.port = int(self.url.rpartition(":")[2])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Ends it, whatever it is doing."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, messages, right):
        """Sends requests one after the other, and fails unless each answer is a right one."""
        with connect(self.port) as connection:
            for message in messages:
                connection.sendall(message)
                status, body = read_answer(connection)
                if not (200 <= status < 300 and right(json.loads(body))):
                    raise Failed(f"{message!r} was answered by {status} {body!r}")

    def instances(self):
        """How many instances there are at AWS."""
        with connect(self.port) as connection:
            connection.sendall(b"GET /_sanmen/info HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
            _, body = read_answer(connection)
        return sum(len(vendor["instances"]) for vendor in json.loads(body)["vendors"] if vendor["vendor"] == "aws")

    def _status(self, name):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / 1024
        raise Failed(f"the kernel does not tell {name}")

    def memory(self):
        """The memory that it has now, in MiB."""
        return self._status("VmRSS")

    def peak_memory(self):
        """The most that it had, in MiB, since `forget_peak`."""
        return self._status("VmHWM")

    def forget_peak(self):
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def cpu(self):
        """The seconds for which its threads have run."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def settled_memory(self):
        """The memory of a server that nobody asks anything, in MiB: when it was the same for half a second."""
        before, same = self.memory(), 0
        deadline = time.monotonic() + 30
        while same < 5 and time.monotonic() < deadline:
            time.sleep(0.1)
            now = self.memory()
            before, same = now, same + 1 if now == before else 0
        return before


def free_port():
    """A port that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def first_answer(binary, arguments, message):
    """The milliseconds from the start of the program until a vendor's request was answered, and the server's memory.

    The clock starts before the process is made, and a connection is tried again and again until it is accepted.
    """
    port = free_port()
    command = [str(binary), "serve", "--listen", f"127.0.0.1:{port}", "--log-format", "json", *map(str, arguments)]
    with open(os.devnull, "r+b") as nowhere:
        files = [(os.POSIX_SPAWN_DUP2, nowhere.fileno(), number) for number in (0, 1, 2)]
        started = time.perf_counter()
        pid = os.posix_spawn(command[0], command, environment(), file_actions=files)
    try:
        while True:
            try:
                connection = connect(port)
                break
            except ConnectionRefusedError:
                if os.waitpid(pid, os.WNOHANG)[0]:
                    pid = None
                    raise Failed(f"the server does not start: {' '.join(command)}") from None
                if time.perf_counter() - started > LIMIT:
                    raise Failed("the server is never ready") from None
        with connection:
            connection.sendall(message)
            status, body = read_answer(connection)
        took = (time.perf_counter() - started) * 1000
        if status != 200:
            raise Failed(f"the first request was answered by {status} {body!r}")
        return took
    finally:
        if pid is not None:
            os.kill(pid, 15)
            os.waitpid(pid, 0)


def say(text):
    """Progress goes to standard error; standard output has the tables alone."""
    print(text, file=sys.stderr, flush=True)
