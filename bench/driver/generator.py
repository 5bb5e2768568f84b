"""The load generator, wrk, and one turn of it."""

import itertools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from program import REPOSITORY, Failed

SCRIPT = REPOSITORY / "bench" / "wrk" / "messages.lua"

MISSING = "wrk is missing: install it (`apt-get install wrk` on Debian), and try again"


def is_here():
    return shutil.which("wrk") is not None


def version():
    """wrk has no option that only tells its version."""
    told = subprocess.run(["wrk", "--version"], capture_output=True, text=True).stdout
    return " ".join(told.split()[:2])


@dataclass(frozen=True)
class Turn:
    """What came of one turn."""

    requests: int
    """How many were answered with success."""
    rate: float
    """Requests in a second."""
    p50: float
    """Milliseconds."""
    p99: float
    """Milliseconds."""
    server: float
    """Microseconds of processor time that the server took for one request."""
    generator: float
    """The same of the generator."""


class RanOut(Exception):
    """There were too few requests for the turn; says how many were answered."""


def write(path, messages, once):
    """Writes requests into a file as the script reads it."""
    with open(path, "wb") as file:
        file.write(b"once\n" if once else b"cycle\n")
        for message in messages:
            file.write(b"%d\n" % len(message) + message)


def run(server, messages, connections, seconds):
    """One turn: all requests of a file, again and again or once, over so many connections, for so long."""
    server_before, generator_before = server.cpu(), os.times()
    told = subprocess.run(
        ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--timeout", "10s"]
        + ["--script", str(SCRIPT), server.url, "--", str(messages)],
        capture_output=True,
        text=True,
    )
    server_after, generator_after = server.cpu(), os.times()
    lines = [line for line in told.stdout.splitlines() if line.startswith("result ")]
    if told.returncode != 0 or not lines:
        raise Failed(f"wrk failed: {told.stdout}{told.stderr}")
    result = json.loads(lines[-1].removeprefix("result "))
    if result["not_ok"] or result["broken"]:
        raise Failed(f"of {result['requests']} requests not all were answered with success: {lines[-1]}")
    if result["ran_out"] or not result["requests"]:
        raise RanOut(result["requests"])
    used = (generator_after.children_user + generator_after.children_system) - (
        generator_before.children_user + generator_before.children_system
    )
    return Turn(
        requests=result["requests"],
        rate=result["requests"] / (result["microseconds"] / 1e6),
        p50=result["p50"] / 1000,
        p99=result["p99"] / 1000,
        server=(server_after - server_before) / result["requests"] * 1e6,
        generator=used / result["requests"] * 1e6,
    )


_NUMBERS = itertools.count()


class Supply:
    """The requests for the turns of one operation at one server.

    Of an operation whose requests can be sent again there is a file of `variety` requests; of another one each turn
    gets a new file, with half as many again as the turn before needed.
    """

    FIRST = {True: 8_000, False: 20_000}
    """How many requests a second are thought enough before anything is known, of what creates and of what does not."""

    def __init__(self, operation, signed, subjects, directory, variety=1):
        self.operation, self.signed, self.subjects = operation, signed, subjects
        self.once = operation.is_once(signed)
        self.path = Path(directory) / f"requests-{next(_NUMBERS)}"
        self.number = None if self.once else variety
        self.answered = 0
        """How many requests were answered, in all turns."""
        self.cut_off = 0
        """How many more may have been carried out, unseen: a turn that ends cuts off one a connection."""

    def make(self, subjects):
        return [self.operation.make(self.signed, subject) for subject in subjects]

    def turn(self, server, connections, seconds):
        """One turn, in which every answer was a success."""
        for _ in range(8):
            self.number = self.number or self.FIRST[self.operation.creates] * seconds
            # A signature is good for some minutes only.
            if self.once or self.signed or not self.path.exists():
                subjects = self.subjects.take(self.number)
                write(self.path, self.make(subjects), self.once)
            try:
                turn = run(server, self.path, connections, seconds)
            except RanOut as short:
                if not self.once:
                    raise Failed(f"{self.operation.name}: not one request was answered in the turn") from None
                self._count(short.args[0], connections)
                self.number *= 2
                continue
            self._count(turn.requests, connections)
            if self.once:
                # They are sent in their order; wrk looks at the first, and does not send it.
                self.subjects.give_back(subjects[turn.requests + connections + 1 :])
                self.number = int(turn.requests * 1.5) + 2 * connections
            return turn
        raise Failed(f"{self.operation.name}: the requests ran out again and again")

    def _count(self, answered, connections):
        self.answered += answered
        self.cut_off += connections
