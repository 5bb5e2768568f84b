"""The first table: each operation beside `/healthz`, unsigned to a lenient server and signed to a strict one."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

import operations
import subjects
from generator import Supply
from program import Failed, Server, say
from spread import Spread

NUMBERS = ("rate", "p50", "p99", "server", "generator")


@dataclass(frozen=True)
class Row:
    """An operation in one mode, over so many connections. See `generator.Turn` for the units."""

    operation: str
    mode: str
    connections: int
    rate: Spread
    ratio: Spread | None
    """The rate by that of `/healthz` just before and just after; None of itself."""
    p50: Spread
    p99: Spread
    server: Spread
    generator: Spread
    peak: float
    """The most memory that the server had meanwhile, in MiB."""


@dataclass
class Runner:
    """A server, and one operation that it is asked for."""

    operation: operations.Operation
    mode: str
    server: Server
    supply: Supply
    turns: list = field(default_factory=list)
    ratios: list = field(default_factory=list)
    peak: float = 0

    @classmethod
    def of(cls, operation, mode, server, about, directory, variety=1):
        return cls(operation, mode, server, Supply(operation, mode == "strict", about, directory, variety))

    def turn(self, connections, seconds):
        """One turn, counted; how many requests were answered in a second of it."""
        self.server.forget_peak()
        turn = self.supply.turn(self.server, connections, seconds)
        self.turns.append(turn)
        self.peak = max(self.peak, self.server.peak_memory())
        return turn.rate

    def try_out(self):
        """A few requests whose answers are looked at."""
        self.supply.answered += 3
        self.server.ask(self.supply.make(self.supply.subjects.take(3)), self.operation.right)

    def row(self, connections):
        numbers = {name: Spread.of(getattr(turn, name) for turn in self.turns) for name in NUMBERS}
        ratio = Spread.of(self.ratios) if self.ratios else None
        return Row(self.operation.name, self.mode, connections, ratio=ratio, peak=self.peak, **numbers)


def in_turns(health, groups, connections, options):
    """The rows of these groups of runners, whose turns alternate with those of `/healthz`."""
    for runner in (runner for group in groups for runner in group):
        runner.try_out()
    for _ in range(options.rounds):
        around = [health.turn(connections, options.seconds)]
        for group in groups:
            rates = [runner.turn(connections, options.seconds) for runner in group]
            around.append(around[0] if options.quick else health.turn(connections, options.seconds))
            for runner, rate in zip(group, rates, strict=True):
                runner.ratios.append(rate / fmean(around[-2:]))
    rows = [runner.row(connections) for group in groups for runner in group]
    say(f"  {rows[0].operation} and {len(groups) - 1} more over {connections} connections: done")
    return [health.row(connections), *rows]


def measure(binary, place, options, directory):
    """The rows of one place: first those that read, then those that create."""
    seed = subjects.seed(Path(directory) / "seed.json", options.keys)
    if place.shared:
        # A seed is applied to a new database only: to this one before all others come.
        Server(binary, *place.arguments("seeded"), "--seed", seed).stop()
    rows = []
    with _servers(binary, place, "reading") as servers:
        nothing = dict.fromkeys(servers, subjects.nothing())
        for connections in options.connections:
            groups = _groups(options.reads, servers, nothing, directory)
            rows += in_turns(_health(servers, directory), groups, connections, options)
    fresh = {"lenient": subjects.fresh_accounts(), "strict": subjects.keys(options.keys)}
    for connections in options.connections:
        # Worlds grow by it: new ones each time, which have the same accounts again.
        with _servers(binary, place, f"creating-{connections}", "--seed", seed) as servers:
            before = {server: server.instances() for server in servers.values()}
            groups = _groups(options.creates, servers, fresh, directory)
            # Those of `/healthz` were told with the reads.
            rows += in_turns(_health(servers, directory), groups, connections, options)[1:]
            _check(place, [runner for group in groups for runner in group], before)
        if not place.shared:
            fresh["strict"] = subjects.keys(options.keys)
    return rows


@contextmanager
def _servers(binary, place, part, *strictly):
    """A lenient server and a strict one; the strict one alone is told `strictly` too."""
    lenient = Server(binary, *place.arguments(f"{part}-lenient"))
    with lenient, Server(binary, *place.arguments(f"{part}-strict"), "--auth", "strict", *strictly) as strict:
        yield {"lenient": lenient, "strict": strict}


def _health(servers, directory):
    runner = Runner.of(operations.HEALTHZ, "", servers["lenient"], subjects.nothing(), directory)
    runner.try_out()
    return runner


def _groups(measured, servers, about, directory):
    """An operation's runners, one a mode, for each of them."""
    return [
        [Runner.of(operation, mode, server, about[mode], directory) for mode, server in servers.items()]
        for operation in measured
    ]


def _check(place, runners, before):
    """All that was acknowledged is there, and nothing else but what nobody saw the answer of."""
    servers = [list(before)[0]] if place.shared else list(before)
    for server in servers:
        counted = [runner.supply for runner in runners if place.shared or runner.server is server]
        acknowledged = sum(supply.answered for supply in counted)
        cut_off = sum(supply.cut_off for supply in counted)
        made = server.instances() - before[server]
        if not acknowledged <= made <= acknowledged + cut_off:
            raise Failed(f"{acknowledged} creations were acknowledged, {made} instances are there")
        say(f"  {acknowledged} creations were acknowledged, {made} instances are there")
