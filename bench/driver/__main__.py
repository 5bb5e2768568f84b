"""`bench/run`: what is measured, in which order, and where it is told."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import generator
import growth
import machine
import operations
import places
import program
import report
import speed
import startup

RESULTS = program.REPOSITORY / "bench" / "RESULTS.md"


def options():
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="bench/run",
        description="Measures how fast the program is on this machine: how soon it starts, how much memory it takes, "
        "how many requests it answers beside GET /healthz, and what that costs in a large world.",
    )
    parser.add_argument("--quick", action="store_true", help="a short run, to see that all works: its numbers tell little")
    parser.add_argument("--write", action="store_true", help="write the results to bench/RESULTS.md too")
    parser.add_argument("--binary", type=Path, metavar="PATH", help="measure this program instead of building one")
    parser.add_argument("--database-url", metavar="URL", help="also with this database, postgres://…, which must be empty")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="where files are made [default: a directory in target]")
    parser.add_argument("--only", choices=["start", "speed", "growth"], action="append", help="this part alone")
    parser.add_argument("--seconds", type=int, metavar="N", help="how long a turn is [default: 1]")
    parser.add_argument("--rounds", type=int, metavar="N", help="how many turns each gets [default: 5]")
    parser.add_argument("--connections", type=int, nargs="+", metavar="N", help="[default: 1 8 32 128]")
    parser.add_argument("--rows", type=int, nargs="+", metavar="N", help="[default: 1000 100000 1000000]")
    parser.add_argument("--starts", type=int, metavar="N", help="how often it is started in each place [default: 15]")
    parser.add_argument("--keys", type=int, metavar="N", help="how many accounts sign their creations [default: 150000]")
    chosen = parser.parse_args()
    ordinary = {
        "seconds": 1,
        "rounds": 5,
        "connections": [1, 8, 32, 128],
        "rows": [1_000, 100_000, 1_000_000],
        "starts": 15,
        "keys": 150_000,
    }
    quick = {"seconds": 1, "rounds": 1, "connections": [8], "rows": [1_000, 4_000], "starts": 3, "keys": 20_000}
    for name, value in (quick if chosen.quick else ordinary).items():
        if getattr(chosen, name) is None:
            setattr(chosen, name, value)
    chosen.only = chosen.only or ["start", "speed", "growth"]
    chosen.reads, chosen.creates, chosen.growth = operations.READS, operations.CREATES, operations.GROWTH
    if chosen.quick:
        chosen.reads, chosen.creates = [operations.GET_MFA_SETTING], [operations.CREATE_INSTANCE_WITH_TOKEN]
        chosen.growth = [operations.GET_USER, operations.REPLAY_ONE]
    chosen.grown_connections = 32
    return chosen


def measure(chosen, binary, directory):
    """All of it; the results as text."""
    found = report.Results(machine.described(binary, directory), chosen)
    found.size = binary.stat().st_size / 1e6
    where = [places.memory(), places.file(directory)]
    if chosen.database_url:
        where.append(places.database(chosen.database_url))
    if "start" in chosen.only:
        program.say("starts:")
        found.starts = startup.measure(binary, where[:2], chosen.starts, directory)
    if "speed" in chosen.only:
        for place in where:
            program.say(f"{place.name}:")
            found.speed[place.name] = speed.measure(binary, place, chosen, directory)
    if "growth" in chosen.only:
        program.say("growth:")
        found.growth = growth.measure(binary, chosen, directory)
    return found.text()


def main():
    chosen = options()
    if not generator.is_here():
        sys.exit(f"bench/run: {generator.MISSING}")
    binary = (chosen.binary or program.build()).absolute()
    home = chosen.data_dir or program.REPOSITORY / "target"
    home.mkdir(parents=True, exist_ok=True)
    directory = tempfile.mkdtemp(prefix="bench-", dir=home)
    try:
        text = measure(chosen, binary, directory)
    except program.Failed as failure:
        sys.exit(f"bench/run: {failure}")
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print(text)
    if chosen.write:
        RESULTS.write_text(text)
        program.say(f"written to {RESULTS}")


if __name__ == "__main__":
    main()
