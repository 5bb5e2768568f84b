"""The benchmark runs: `bench/run --quick`, with the program under test."""

import shutil
import subprocess
import sys

import pytest

import program

LIMIT = 180
"""Seconds for a short run, of which a machine with nothing else to do needs about twenty."""


@pytest.mark.skipif(shutil.which("wrk") is None, reason="needs wrk, the load generator (`apt-get install wrk`)")
def test_a_short_run_measures_each_part(tmp_path):
    command = ["bench/run", "--quick", "--binary", program.binary(), "--data-dir", tmp_path]
    ran = subprocess.run(
        command, cwd=program.REPOSITORY, env=program.environment(), capture_output=True, text=True, timeout=LIMIT
    )
    # It fails when an answer is not a success, or when instances are missing that were acknowledged.
    assert ran.returncode == 0, ran.stderr
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in ran.stdout.splitlines()
        if line.startswith("|")
    ]
    create = "AWS CreateInstance, with name, ClientToken and 2 tags"
    measured = [row[0] for row in rows]
    assert measured.count("`/healthz`") == 2, "in memory and in a file"
    assert measured.count(create) == 4, "unsigned and signed"
    for start in ("memory", "file, new", "file, there already"):
        assert start in measured
    grown = [row[1:4] for row in rows if row[0] == "Alibaba Cloud GetUser, another each time"]
    assert [rows for rows, _, _ in grown] == ["1,000", "4,000"]
    assert all(float(rate) > 0 for _, rate, _ in grown)
    assert list(tmp_path.iterdir()) == [], "it leaves no files behind"


def test_without_the_load_generator_it_says_so(tmp_path):
    for tool in ("bash", "dirname"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    (tmp_path / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (tmp_path / "python3").chmod(0o755)
    environment = program.environment(PATH=str(tmp_path))
    command = ["bench/run", "--quick", "--binary", program.binary()]
    ran = subprocess.run(
        command, cwd=program.REPOSITORY, env=environment, capture_output=True, text=True, timeout=program.CALL_LIMIT
    )
    assert ran.returncode == 1
    assert ran.stderr == "bench/run: wrk is missing: install it (`apt-get install wrk` on Debian), and try again\n"
