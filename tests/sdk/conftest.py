"""Fixtures of the suite: one server for the session, a fresh world for each test, further servers on demand."""

import itertools
import os
import resource
import signal

import program

# Before any SDK is imported: the Alibaba credentials library reads its variables at import.
_clean = program.environment()
os.environ.clear()
os.environ.update(_clean)

import cluster as postgres  # noqa: E402
import pytest  # noqa: E402
from refusals import pytest_terminal_summary  # noqa: E402, F401


def pytest_addoption(parser):
    parser.addoption("--crash-rounds", type=int, default=20, help="how often the program is killed while it writes")
    parser.addoption("--crash-seed", type=int, help="repeats the moments of a run that was seen to fail")
    parser.addoption("--described-examples", type=int, default=20, help="how many requests of each kind are made up")
    parser.addoption("--load-tokens", type=int, default=4000, help="how many idempotency tokens are used up")


_databases = itertools.count(1)


def pytest_configure():
    # Told to end, the suite ends what it has started, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def server():
    """The server that the whole session shares."""
    running = program.Program("--seed", "default")
    yield running
    running.stop()


@pytest.fixture
def world(server):
    """The shared server, its world just taken back to the seed `default`."""
    server.reset()
    return server


@pytest.fixture(scope="session")
def strict_server():
    """A server that verifies signatures, shared by the whole session."""
    running = program.Program("--seed", "default", "--auth", "strict", "--explain")
    yield running
    running.stop()


@pytest.fixture
def strict(strict_server):
    """The strict server, its world just taken back to the seed `default`."""
    strict_server.reset()
    return strict_server


@pytest.fixture
def start():
    """`start(*arguments)` runs a server of its own; what still runs after the test is stopped."""
    running = []

    def begin(*arguments, **more):
        running.append(program.Program(*arguments, **more))
        return running[-1]

    yield begin
    for one in running:
        one.stop()


@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL server that the whole session shares; what is committed is on disk."""
    if postgres.programs() is None:
        pytest.skip("the programs of a PostgreSQL server are not found")
    running = postgres.Cluster()
    yield running
    running.end()


@pytest.fixture
def database(cluster):
    """The URL of a database that nobody else uses."""
    name = f"world_{next(_databases)}"
    yield cluster.make(name)
    # What still runs on it is ended after this.
    cluster.sql(f"drop database {name} with (force)")


@pytest.fixture
def replicas(start, database):
    """Two servers on one database."""
    return [start("--database-url", database) for _ in range(2)]


@pytest.fixture(scope="session")
def open_files():
    """As many files for this process as it may have; a test that needs more than there are is skipped."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 4096:
        pytest.skip(f"this process may have {hard} files open")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
