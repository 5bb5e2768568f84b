"""The results as text: tables in Markdown."""

import datetime
from dataclasses import dataclass, field
from pathlib import Path

import targets


def table(head, rows):
    """A table; the first columns are words, and the others numbers."""
    lines = ["| " + " | ".join(head) + " |"]
    words = sum(1 for name in head if name in ("operation", "mode", "place", "target", "measured", "met", "world"))
    lines.append("|" + "---|" * words + "--:|" * (len(head) - words))
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


NOTES = Path(__file__).parent.parent / "NOTES.md"
"""Where the time goes, where a target is not met: written by hand."""

ABOUT = """\
Made by `bench/run{how}`. Numbers are medians, with the least and the most of the rounds in brackets. Each turn is \
{seconds} s; turns of an operation stand between turns of `GET /healthz` to the same program, and the ratio is that of \
its throughput to the mean of theirs: it says more than the numbers, which are this machine's. *lenient* is unsigned \
requests, *strict* signed ones, which are verified.

wrk runs on the same machine, on the cores that the server has too. Requests are made and signed before a turn begins, \
and only sent in it; what wrk takes of the processor for each is told beside what the server takes. wrk corrects its \
percentiles for requests that it could not send in time. Of every turn all answers were successes, the answers to a \
few requests were looked at before, and as many instances are there as creations were acknowledged. The log is on, \
and goes to `/dev/null`. A creation is made by an account that has no instance yet, with all rules on; in a file it is \
on the disk before it is answered.
"""


@dataclass
class Results:
    """All that was measured."""

    machine: list
    options: object
    size: float = 0
    """Megabytes of the program."""
    starts: list = field(default_factory=list)
    speed: dict = field(default_factory=dict)
    """Rows by place."""
    growth: list = field(default_factory=list)

    def text(self):
        quick = self.options.quick
        parts = ["# Results\n", ABOUT.format(how=" --quick" if quick else "", seconds=self.options.seconds)]
        if quick:
            parts.append("**This was a short run, which only shows that all works: its numbers tell little.**\n")
        date = datetime.datetime.now(datetime.UTC).date().isoformat()
        parts.append("\n".join(f"- {name}: {what}" for name, what in [("date", date), *self.machine]) + "\n")
        judged = targets.judged(self)
        if judged:
            parts += ["## Targets\n", table(["target", "measured", "met"], judged)]
            if not quick:
                parts.append(NOTES.read_text())
        parts += ["## Start, memory at rest, size\n", f"The program is {self.size:.1f} MB.\n"]
        if self.starts:
            head = ["place", "first answer, ms", "memory at rest, MiB"]
            parts.append(
                table(head, ([one.place, one.first.shown("{:.1f}"), f"{one.idle:.1f}"] for one in self.starts))
            )
        for place, rows in self.speed.items():
            parts += [f"## Speed, the world in {_article(place)}\n", self._speed(rows)]
        if self.growth:
            parts += ["## Growth\n", GROWTH, self._worlds(), self._growth()]
        return "\n".join(parts)

    def _speed(self, rows):
        head = ["operation", "mode", "connections", "requests/s", "of /healthz", "p50, ms", "p99, ms"]
        head += ["server, µs a request", "wrk, µs a request", "peak memory, MiB"]
        cells = (
            [
                f"`{row.operation}`" if row.ratio is None else row.operation,
                row.mode,
                row.connections,
                row.rate.shown(),
                "" if row.ratio is None else row.ratio.shown("{:.3f}"),
                row.p50.shown("{:.2f}"),
                row.p99.shown("{:.2f}"),
                f"{row.server.middle:.0f}",
                f"{row.generator.middle:.0f}",
                f"{row.peak:.1f}",
            ]
            for row in rows
        )
        return table(head, cells)

    def _worlds(self):
        head = ["world", "file, MiB", "first answer, ms", "memory, MiB", "peak memory, MiB"]
        return table(
            head,
            (
                [f"{one.rows:,} rows", f"{one.file:.1f}", f"{one.first:.0f}", f"{one.idle:.1f}", f"{one.peak:.1f}"]
                for one in self.growth
            ),
        )

    def _growth(self):
        head = ["operation", "rows", "requests/s", "of the smallest", "p99, ms", "of the smallest's"]
        head += ["server, µs a request"]
        rows = []
        for operation in self.options.growth:
            for world in self.growth:
                cost = world.of[operation]
                rows.append(
                    [
                        operation.name,
                        f"{world.rows:,}",
                        cost.rate.shown(),
                        cost.rate_ratio.shown("{:.2f}"),
                        cost.p99.shown("{:.2f}"),
                        cost.p99_ratio.shown("{:.2f}"),
                        f"{cost.server.middle:.0f}",
                    ]
                )
        return table(head, rows)


GROWTH = """\
Of the rows a quarter each are instances, idempotency tokens, tags, and users of one directory; accounts come on top. \
The worlds are in files, and served at the same time, unsigned, over 32 connections; their turns alternate, and the \
ratios are those of turns side by side. A start looks through the whole file first.
"""


def _article(place):
    return place if place == "memory" else f"a {place}"
