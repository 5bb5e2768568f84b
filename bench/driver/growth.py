"""The second table: the same operations in worlds of different sizes, turn by turn in one run."""

import random
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import operations
import rows
import subjects
from program import Server, first_answer, say
from speed import Runner
from spread import Spread

VARIETY = 10_000
"""About how many different things is asked, at most."""


@dataclass(frozen=True)
class Grown:
    """A world of one size."""

    rows: int
    first: float
    """Milliseconds from the start until the first answer."""
    file: float
    """MiB of the database."""
    idle: float
    """MiB of memory, after the first answers."""
    peak: float
    """MiB of memory, in all turns."""
    of: dict
    """By operation: numbers of turns, and ratios to the smallest world."""


@dataclass(frozen=True)
class Cost:
    """What an operation costs in a world of one size."""

    rate: Spread
    p99: Spread
    server: Spread
    rate_ratio: Spread
    """The rate by that of the smallest world, in the turn before."""
    p99_ratio: Spread


def measure(binary, options, directory):
    """The worlds of all sizes, all of them served at the same time."""
    directory = Path(directory)
    with ExitStack() as stack:
        worlds = []
        for size in options.rows:
            folder = directory / f"rows-{size}"
            Server(binary, "--data-dir", folder).stop()
            each = rows.fill(folder / "sanmen.db", size)
            message = operations.DESCRIBE_INSTANCE.make(False, None)
            first = first_answer(binary, ("--data-dir", folder), message)
            file = (folder / "sanmen.db").stat().st_size / 2**20
            server = stack.enter_context(Server(binary, "--data-dir", folder))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            runners = {operation: _runner(operation, server, each, directory) for operation in options.growth}
            for runner in runners.values():
                runner.try_out()
            worlds.append((size, first, file, server.settled_memory(), runners))
            say(f"  {size} rows: {file:.0f} MiB, first answer after {first:.0f} ms")
        turns = _turns([world[-1] for world in worlds], options)
    return [
        Grown(size, first, file, idle, max(runner.peak for runner in runners.values()), of)
        for (size, first, file, idle, runners), of in zip(worlds, turns, strict=True)
    ]


def _runner(operation, server, each, directory):
    if operation.creates:
        return Runner.of(operation, "lenient", server, subjects.fresh_accounts(), directory)
    numbers = random.sample(range(each), min(each, VARIETY))
    about = subjects.over_and_over([rows.Subject(number) for number in numbers])
    return Runner.of(operation, "lenient", server, about, directory, variety=len(numbers))


def _turns(worlds, options):
    """Of each world, what each operation costs."""
    for operation in options.growth:
        # What was not read yet comes from the disk once; that is not what is measured.
        for world in worlds if not options.quick else []:
            world[operation].supply.turn(world[operation].server, options.grown_connections, options.seconds)
        for _ in range(options.rounds):
            for world in worlds:
                world[operation].turn(options.grown_connections, options.seconds)
        say(f"  {operation.name}: done")
    return [{operation: _cost(world[operation], worlds[0][operation]) for operation in world} for world in worlds]


def _cost(runner, smallest):
    pairs = list(zip(runner.turns, smallest.turns, strict=True))
    return Cost(
        rate=Spread.of(turn.rate for turn in runner.turns),
        p99=Spread.of(turn.p99 for turn in runner.turns),
        server=Spread.of(turn.server for turn in runner.turns),
        rate_ratio=Spread.of(turn.rate / least.rate for turn, least in pairs),
        p99_ratio=Spread.of(turn.p99 / least.p99 for turn, least in pairs if least.p99),
    )
