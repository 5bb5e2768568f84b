"""How long a start takes, how much memory a server has that nobody asks anything, and how large the program is."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import operations
from program import Server, first_answer, say
from spread import Spread


@dataclass(frozen=True)
class Started:
    """The starts of one place: milliseconds until the first answer, and MiB when at rest."""

    place: str
    first: Spread
    idle: float


def starts(binary, name, arguments_of, times):
    """So many starts, one after the other; `arguments_of(number)` says where the world of each is."""
    message = operations.DESCRIBE_INSTANCE.make(False, None)
    first = Spread.of(first_answer(binary, arguments_of(number), message) for number in range(times))
    with Server(binary, *arguments_of(0)) as server:
        server.ask([message], operations.DESCRIBE_INSTANCE.right)
        idle = server.settled_memory()
    say(f"  {name}: {first.shown('{:.1f}')} ms, {idle:.1f} MiB")
    return Started(name, first, idle)


def measure(binary, places, times, directory):
    """The starts of all places: in a file both with a new one each time, and with one that is there."""
    found = []
    for place in places:
        if place.name != "file":
            found.append(starts(binary, place.name, lambda number: place.arguments("started"), times))
            continue
        folder = Path(tempfile.mkdtemp(dir=directory))
        new = lambda number: ("--data-dir", folder / f"new-{number}")  # noqa: E731
        found.append(starts(binary, "file, new", new, times))
        found.append(starts(binary, "file, there already", lambda number: new(0), times))
        shutil.rmtree(folder)
    return found
