"""What the numbers were measured on."""

import os
import platform
import re
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

import generator
from program import REPOSITORY


def described(binary, directory):
    """Pairs of a name and what it is, for the top of the results."""
    return [
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("memory", f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("disk", f"{_filesystem(directory)}; fdatasync of 4 KiB takes {_sync(directory):.0f} µs"),
        ("load before", f"{os.getloadavg()[0]:.1f}"),
        ("program", f"{_version(binary)}, commit {_commit()}"),
        ("generator", f"{generator.version()}, one thread, on the same machine"),
    ]


def _processor():
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _filesystem(directory):
    told = subprocess.run(["stat", "-f", "-c", "%T", directory], capture_output=True, text=True).stdout.strip()
    return told or "unknown"


def _sync(directory):
    """The median time of making 4 KiB durable, in microseconds: what a commit of a file costs at least."""
    times = []
    with tempfile.TemporaryFile(dir=directory) as file:
        for _ in range(100):
            file.write(bytes(4096))
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - started) * 1e6)
    return median(times)


def _version(binary):
    return subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.strip()


def _commit():
    def git(*arguments):
        return subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True).stdout.strip()

    changed = " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    return f"{git('rev-parse', '--short', 'HEAD') or 'unknown'}{changed}"
