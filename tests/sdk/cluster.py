"""A throw-away cluster of PostgreSQL on loopback: made in a temporary directory, started, stopped, and deleted.

`python3 tests/sdk/cluster.py COMMAND…` runs a command beside one, whose database SANMEN_TEST_DATABASE_URL names, and
stops it whatever happens; the exit code is the command's. Where the server's programs are not found it is 69, and the
command is not run; without a command, that is all that is found out. Needs nothing but Python.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT = 60
"""Seconds for each of the server's programs."""

USER = "sanmen"
PASSWORD = "hidden"

BY_BYTES = "template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"

MISSING = 69
"""The exit code where there is no PostgreSQL: EX_UNAVAILABLE."""


def programs():
    """The directory of the server's programs, the newest there is; None when there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    path = [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep) if part]
    needed = ("initdb", "pg_ctl", "postgres", "psql", "createdb")
    for directory in [*debian, *path]:
        if all(os.access(directory / name, os.X_OK) for name in needed):
            return directory
    return None


def _owner():
    """As whom the server runs: as root it refuses to."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody")


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Cluster:
    """A running server. `initdb` and `settings` are arguments of the programs.

    A commit is synced, unless a setting says otherwise; who connects needs no password, unless there is one.
    """

    def __init__(self, initdb=("--locale=C", "--encoding=UTF8"), settings=(), password=None):
        self.programs = programs()
        if self.programs is None:
            raise RuntimeError("the programs of a PostgreSQL server are not found")
        self.directory = Path(tempfile.mkdtemp(prefix="sanmen-postgres-"))
        self.data, self.log = self.directory / "data", self.directory / "log"
        self.settings, self.password = settings, password or PASSWORD
        self._owner = _owner()
        given = self.directory / "password"
        given.write_text(self.password)
        if self._owner:
            for path in (self.directory, given):
                os.chown(path, self._owner["user"], self._owner["group"])
        try:
            auth = "scram-sha-256" if password else "trust"
            self.run("initdb", "-D", self.data, "-U", USER, f"--auth={auth}", f"--pwfile={given}", "--no-sync", *initdb)
            self._begin()
        except BaseException:
            self.end()
            raise

    def _begin(self):
        """Starts it on a port that nobody takes meanwhile."""
        for _ in range(5):
            self.port = _free_port()
            try:
                self.start()
            except subprocess.CalledProcessError:
                if "could not bind" not in self.log.read_text(errors="replace"):
                    raise
            else:
                return
        raise RuntimeError("no port stays free")

    def run(self, name, *arguments, **more):
        """Runs one of the server's programs; what it prints."""
        # The directory of the caller may be none that the owner can enter. What the server inherits stays open.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [self.programs / name, *map(str, arguments)],
                cwd=self.directory,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", "PGPASSWORD": self.password},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=LIMIT,
                **self._owner,
                **more,
            )
            output.seek(0)
            text = output.read()
        if done.returncode != 0:
            print(text, file=sys.stderr)
            raise subprocess.CalledProcessError(done.returncode, name, text)
        return text

    def start(self):
        """Starts it, where it was before."""
        settings = [
            "listen_addresses=127.0.0.1",
            f"port={self.port}",
            "unix_socket_directories=",
            "max_connections=400",
            *self.settings,
        ]
        options = " ".join(f"-c '{setting}'" for setting in settings)
        self.run("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", LIMIT, "-o", options, "start")

    def stop(self, mode="fast"):
        """Stops it; `immediate` is a crash."""
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "-t", LIMIT, "stop")

    def signal(self, number):
        """Sends a signal to all of the server's processes. What is stopped by one answers nobody, and refuses nobody."""
        server = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(server, number)
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = status.read_text().rpartition(")")[2].split()[1]
                if int(parent) == server:
                    os.kill(int(status.parent.name), number)
            except (FileNotFoundError, ProcessLookupError):
                continue

    def sql(self, text, database="postgres"):
        """Runs SQL, and gives what it answers: a line a row."""
        place = ("-h", "127.0.0.1", "-p", self.port, "-U", USER, "-d", database)
        return self.run("psql", *place, "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", text).strip()

    def url(self, database):
        """The URL of a database, with a password, whether or not it is asked for."""
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def make(self, database, options=BY_BYTES):
        """Makes a database; its URL."""
        self.sql(f"create database {database} {options}")
        return self.url(database)

    def end(self):
        """Stops it if it runs, and deletes all of it."""
        try:
            if (self.data / "postmaster.pid").exists():
                self.signal(signal.SIGCONT)
                self.stop("immediate")
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)


def main(command):
    if programs() is None:
        return MISSING
    if not command:
        return 0

    def told(number, _):
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGHUP, told)
    # Nothing of it is to outlive the run.
    cluster = Cluster(settings=("fsync=off", "synchronous_commit=off", "full_page_writes=off"))
    try:
        url = cluster.make("tests")
        return subprocess.run(command, env=os.environ | {"SANMEN_TEST_DATABASE_URL": url}).returncode
    finally:
        cluster.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
