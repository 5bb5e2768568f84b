"""kill -9 at any moment: what was acknowledged is there, once and whole; what was not is there whole or not at all."""

import itertools
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
from dataclasses import dataclass, field

import plain
import program

WRITERS = 16

ROUNDS_A_WORLD = 5
"""How often one database is crashed before a fresh one is taken."""


@dataclass
class Written:
    """What one writer has begun, and what of it was acknowledged."""

    instances: dict = field(default_factory=dict)
    """By account: the word that name and tags are made of, and the answer's ARN, None when there was no answer."""

    users: dict = field(default_factory=dict)
    """By name: the answer's user, likewise."""

    attributes: list = field(default_factory=lambda: [None, None])
    """What Huawei Cloud's attributes were set to last, acknowledged; and what was on its way."""


def tags(word):
    """So many tags that one which is missing is missed."""
    return [{"Key": f"{word}-{i}", "Value": str(i)} for i in range(5)]


def flat(name, word):
    pairs = enumerate(tags(word), 1)
    return {f"{name}.{i}.{part}": value for i, tag in pairs for part, value in tag.items()}


def sources(number):
    return [(f"key{i}", f"${{path:{number}.{i}}}") for i in range(5)]


class Countdown:
    """Tells when so many answers have come."""

    def __init__(self, count):
        self._left, self._lock, self.over = count, threading.Lock(), threading.Event()

    def step(self):
        with self._lock:
            self._left -= 1
            if self._left <= 0:
                self.over.set()


def create(account, word):
    return plain.aws(account, "CreateInstance", ClientToken=word, Name=word, Tags=tags(word))


def write(server, index, base, written, countdown):
    """Writes until the server is gone."""
    connection = plain.Connection(server)
    try:
        for number in itertools.count():
            word = f"{base}-{index}-{number}"
            if index == 0 and number % 2:
                written.attributes[1] = sources(f"{base}.{number}")
                connection.done(plain.attributes("PUT", written.attributes[1]))
                written.attributes[0] = written.attributes[1]
            elif number % 4 == 3:
                written.users[word] = None
                written.users[word] = connection.done(plain.alibaba("CreateUser", UserName=word, **flat("Tags", word)))["User"]
            else:
                account = f"{9 * 10**11 + base * 10**7 + index * 10**5 + number}"
                written.instances[account] = word, None
                written.instances[account] = word, connection.done(create(account, word))["InstanceArn"]
            countdown.step()
    except (OSError, plain.http.client.HTTPException):
        pass
    finally:
        connection.close()


def sound(path):
    """That SQLite finds nothing wrong with a database."""
    with sqlite3.connect(path) as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert database.execute("pragma foreign_key_check").fetchall() == []
    database.close()


def killed_while_starting(directory, after):
    """Starts the program and kills it so many seconds later, at whatever it is then doing."""
    command = [program.binary(), "serve", "--listen", "127.0.0.1:0", "--data-dir", directory]
    quiet = {name: subprocess.DEVNULL for name in ("stdin", "stdout", "stderr")}
    process = subprocess.Popen(command, env=program.environment(), **quiet)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def check_instance(connection, account, word, arn):
    """One instance, or none if it was never acknowledged; and its token stands for it."""
    found = connection.done(plain.aws(account, "ListInstances"))["Instances"]
    own = [instance["InstanceArn"] for instance in found if instance["OwnerAccountId"] == account]
    assert own == [arn] if arn else len(own) <= 1, (account, own, arn)
    for one in own:
        told = connection.done(plain.aws(account, "ListTagsForResource", ResourceArn=one))["Tags"]
        assert told == tags(word), (account, told)
        described = connection.done(plain.aws(account, "DescribeInstance", InstanceArn=one))
        assert (described["Name"], described["Status"]) == (word, "ACTIVE")
    again = connection.done(create(account, word))["InstanceArn"]
    assert again == (own or [again])[0], (account, own, again)
    # And it is the one from now on.
    assert connection.done(create(account, word))["InstanceArn"] == again


def check_user(connection, name, user):
    found = connection.done(plain.alibaba("ListUsers", Filter=f"UserName eq {name}"))["Users"]
    assert len(found) == 1 if user else len(found) <= 1, (name, found)
    for one in found:
        shown = connection.done(plain.alibaba("GetUser", UserId=one["UserId"]))["User"]
        assert shown["Tags"] == tags(name), shown
        assert user in (None, shown), (user, shown)


def check(server, written):
    """What each writer wrote, by as many readers."""
    failed = []

    def read(one):
        connection = plain.Connection(server)
        try:
            for account, (word, arn) in one.instances.items():
                check_instance(connection, account, word, arn)
            for name, user in one.users.items():
                check_user(connection, name, user)
        except BaseException as error:  # noqa: BLE001: told by the thread that waits.
            failed.append(error)
        finally:
            connection.close()

    readers = [threading.Thread(target=read, args=(one,)) for one in written]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    if failed:
        raise failed[0]
    found = attributes(server)
    assert found in [values for values in written[0].attributes if values], (found, written[0].attributes)


def attributes(server):
    """Huawei Cloud's attributes, as they are."""
    connection = plain.Connection(server)
    answer = connection.done(plain.huawei("GET", plain.ATTRIBUTES))
    connection.close()
    listed = answer["instance_access_control_attribute_configuration"]["access_control_attributes"]
    return [(one["key"], one["value"]["source"][0]) for one in listed]


def test_what_was_acknowledged_survives_kill_9(start, tmp_path, request):
    rounds, seed = request.config.getoption("--crash-rounds"), request.config.getoption("--crash-seed")
    seed = random.SystemRandom().randrange(2**32) if seed is None else seed
    print(f"\n{rounds} rounds: repeat them by --crash-rounds {rounds} --crash-seed {seed}")
    chance = random.Random(seed)
    acknowledged = begun = 0
    for number in range(rounds):
        directory = tmp_path / f"world-{number // ROUNDS_A_WORLD}"
        fresh = not directory.exists()
        killed_while_starting(directory, chance.uniform(0, 0.15))
        server = start("--data-dir", directory, "--sync", chance.choice(["full", "normal"]))
        if fresh:
            connection = plain.Connection(server)
            connection.done(plain.attributes("POST", sources("first")))
            connection.close()
        written = [Written() for _ in range(WRITERS)]
        written[0].attributes[0] = attributes(server)
        countdown = Countdown(chance.randint(1, 200))
        writers = [
            threading.Thread(target=write, args=(server, index, number, one, countdown))
            for index, one in enumerate(written)
        ]
        for writer in writers:
            writer.start()
        assert countdown.over.wait(program.START_LIMIT), server.logged()
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(program.STOP_LIMIT)
        for writer in writers:
            writer.join()
        # As it lies there, before the program has looked at it.
        shutil.copytree(directory, tmp_path / "copy")
        sound(tmp_path / "copy" / "sanmen.db")
        shutil.rmtree(tmp_path / "copy")
        killed_while_starting(directory, chance.uniform(0, 0.15))
        server = start("--data-dir", directory)
        check(server, written)
        server.stop()
        sound(directory / "sanmen.db")
        answers = [arn for one in written for _, arn in one.instances.values()]
        answers += [user for one in written for user in one.users.values()]
        begun += len(answers)
        acknowledged += sum(answer is not None for answer in answers)
    print(f"{acknowledged} acknowledged of {begun} begun")
    assert acknowledged > 10 * rounds, "too few were written for this to be a test"
    assert acknowledged < begun, "no writer was in the middle of something"
