"""Where worlds are kept."""

import tempfile
from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Place:
    """Where servers have their worlds."""

    name: str
    arguments: Callable[[str], tuple]
    """What the server for a part of the work is told."""
    shared: bool = False
    """Whether all of them have the same one."""


def memory():
    return Place("memory", lambda part: ())


def file(directory):
    """A file for each part, below a directory."""
    folder = tempfile.mkdtemp(dir=directory)
    return Place("file", lambda part: ("--data-dir", f"{folder}/{part}"))


def database(url):
    """A database server's, which must be empty."""
    return Place("database server", lambda part: ("--database-url", url), shared=True)
