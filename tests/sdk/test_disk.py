"""A disk that is full, or that nothing can be written to: the vendors' errors, reads that go on, and nothing broken."""

import errno
import os
import resource
import sqlite3
import subprocess
from contextlib import closing, contextmanager

import plain
import program
import pytest
from alibabacloud_tea_openapi.exceptions import ServerException
from clients import ALIBABA_MANAGEMENT, V3

FAULTS = ((500, "InternalServerException"), (500, "InternalError"), (500, "APIGW.0601"))
"""How each vendor words a fault of its own."""


@pytest.fixture
def disk(tmp_path):
    """A file system of a few mebibytes, of our own. Only root may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "sanmen-test", place], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


@contextmanager
def full(disk):
    """A disk on which there is no room for a byte."""
    filler = disk / "filler"
    with open(filler, "wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError as error:
                assert error.errno == errno.ENOSPC, error
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def capped(server):
    """No file of the server's grows or is written beyond its first byte: to SQLite, a disk that fails."""
    before = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, before)


def account(number):
    return f"{9 * 10**11 + number}"


class World:
    """What is written to a server, and what has to be there."""

    def __init__(self, server):
        self.server, self.number, self.arns, self.users = server, 0, {}, []
        self.connection = plain.Connection(server)
        self.connection.done(plain.attributes("POST", [("first", "${path:a}")]))
        self.grow()

    def writes(self):
        """A write at each door, each of something new."""
        self.number += 1
        word = f"w{self.number}"
        return (
            plain.aws(account(self.number), "CreateInstance", ClientToken=word, Tags=[{"Key": "k", "Value": word}]),
            plain.alibaba("CreateUser", UserName=word, **{"Tags.1.Key": "k", "Tags.1.Value": word}),
            plain.attributes("PUT", [(word, "${path:a}")]),
        )

    def grow(self):
        """Writes at each door, which have to succeed."""
        created, user, _ = [self.connection.done(call) for call in self.writes()]
        self.arns[account(self.number)] = created["InstanceArn"]
        self.users.append(user["User"])

    def refused(self):
        """What is said of a write at each door: status and code."""
        told = []
        for call in self.writes():
            status, body = self.connection.send(call)
            told.append((status, next(body[name] for name in ("__type", "Code", "error_code") if name in body)))
        return tuple(told)

    def whole(self):
        """That all is there that was acknowledged, and nothing else."""
        for number in range(1, self.number + 1):
            call = plain.aws(account(number), "ListInstances")
            found = [one["InstanceArn"] for one in self.connection.done(call)["Instances"]]
            assert found == [self.arns[account(number)]] if account(number) in self.arns else found == [], number
        listed = self.connection.done(plain.alibaba("ListUsers", MaxResults=100))["Users"]
        assert {one["UserId"] for one in listed} == {one["UserId"] for one in self.users}
        for user in self.users:
            assert self.connection.done(plain.alibaba("GetUser", UserId=user["UserId"]))["User"] == user
        listed = self.connection.done(plain.huawei("GET", plain.ATTRIBUTES))
        keys = listed["instance_access_control_attribute_configuration"]["access_control_attributes"]
        assert [one["key"] for one in keys] == [self.users[-1]["UserName"]]
        assert self.server.get("/readyz") == '{"status":"ok"}', "reads go on, and so does readiness"

    def survives(self, trouble):
        """That trouble is told, leaves everything as it was, and is over when it is."""
        for _ in range(3):
            with trouble:
                for _ in range(5):
                    assert self.refused() == FAULTS
                self.whole()
            self.grow()
            self.whole()


def sound(path):
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert database.execute("pragma foreign_key_check").fetchall() == []


class Again:
    """A context that can be entered again and again."""

    def __init__(self, make):
        self._make = make

    def __enter__(self):
        self._entered = self._make()
        return self._entered.__enter__()

    def __exit__(self, *raised):
        return self._entered.__exit__(*raised)


def troubled(world, server, directory, trouble):
    world.survives(trouble)
    assert "panic" not in server.logged()
    server.stop()
    sound(directory / "sanmen.db")


def test_a_full_disk_is_told_and_got_over(disk, start):
    server = start("--data-dir", disk)
    troubled(World(server), server, disk, Again(lambda: full(disk)))


# What a disk that has become read-only is to SQLite: a file cannot be remounted under the server that has it open.
def test_a_disk_that_fails_is_told_and_got_over(start, tmp_path):
    server = start("--data-dir", tmp_path)
    troubled(World(server), server, tmp_path, Again(lambda: capped(server)))


# The log of the database grows until there is no room, not only in one step; and is written back to the file all the
# while.
def test_a_disk_that_fills_up_is_told_and_got_over(disk, start):
    server = start("--data-dir", disk)
    world = World(server)
    while (told := world.connection.send(create := world.writes()[0]))[0] == 200:
        world.arns[account(world.number)] = told[1]["InstanceArn"]
    assert told[0] == 500, told
    assert world.connection.send(create)[0] == 500
    free = os.statvfs(disk)
    assert free.f_bavail * free.f_bsize < 256 * 1024, "it was not the disk"
    subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
    world.grow()
    world.whole()
    server.stop()
    sound(disk / "sanmen.db")


# A nonce is written before the request that it came with is looked at: reads with one need the disk too.
@pytest.mark.parametrize("reads", [True, False])
def test_a_request_whose_nonce_cannot_be_written_is_refused(start, tmp_path, reads):
    server = start("--data-dir", tmp_path, "--auth", "strict")
    action = "GetMFAAuthenticationSettingInfo" if reads else "UpdateMFAAuthenticationSettings"
    change = {} if reads else {"MFAAuthenticationSettings": "Disabled"}

    def call():
        return V3(server, ALIBABA_MANAGEMENT, action, DirectoryId=plain.DIRECTORY, **change)

    for _ in range(2):
        with capped(server):
            with pytest.raises(ServerException) as caught:
                call()
            assert (caught.value.status_code, caught.value.code) == FAULTS[1]
            assert server.get("/readyz") == '{"status":"ok"}'
        assert call()["RequestId"]


def refused_to_start(directory):
    ended = program.run("serve", "--listen", "127.0.0.1:0", "--data-dir", str(directory))
    assert (ended.returncode, ended.stdout) == (1, ""), ended
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 1 and "panic" not in lines[0], ended.stderr
    return lines[0]


def test_a_directory_that_cannot_be_written_to_is_refused_at_the_start(disk, start):
    program_once = start("--data-dir", disk / "made")
    program_once.stop()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    before = (disk / "made" / "sanmen.db").read_bytes()
    for directory in (disk / "made", disk / "new", disk):
        told = refused_to_start(directory)
        assert str(directory) in told and ("may this user write to it?" in told or "Read-only" in told), told
    assert (disk / "made" / "sanmen.db").read_bytes() == before


def test_a_full_disk_is_told_at_the_start(disk, start):
    with full(disk):
        told = refused_to_start(disk)
        assert "full" in told, told
    start("--data-dir", disk).stop()
    sound(disk / "sanmen.db")
