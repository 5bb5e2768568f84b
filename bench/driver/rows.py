"""A world with many rows: written into a database that the program has made, while it is stopped.

Of so many rows a quarter each are instances (of AWS, each of an account of its own), idempotency tokens of these,
tags on them, and users (of the directory of the default world). The accounts come on top.
"""

import json
import sqlite3
from dataclasses import dataclass

from operations import DIRECTORY

NOW = 1_767_323_045_678
"""When it all was made, in milliseconds."""

BATCH = 50_000


@dataclass(frozen=True)
class Subject:
    """What requests about one of the rows are made of: all that is derived from its number."""

    number: int

    @property
    def account(self):
        return f"{300_000_000_000 + self.number:012}"

    @property
    def instance(self):
        # Spread over the index, as random ids are.
        return f"ssoins-{(self.number * 0x9E3779B97F4A7C15) % 2**64:016x}"

    @property
    def store(self):
        return f"d-{self.number:010x}"

    @property
    def token(self):
        return f"token-{self.number}"

    @property
    def user(self):
        return f"u-{self.number:020}"

    @property
    def tags(self):
        return [{"Key": "number", "Value": str(self.number)}]


def fill(path, rows):
    """Adds so many rows to the database at `path`; how many of each kind."""
    each = rows // 4
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("pragma foreign_keys = on")
    database.execute("pragma synchronous = off")
    database.execute("begin")
    (last,) = database.execute("select coalesce(max(position), 0) from instances where provider = 'aws'").fetchone()
    (inside,) = database.execute("select last_position from instances where id = ?", (DIRECTORY,)).fetchone()
    for start in range(0, each, BATCH):
        subjects = [Subject(number) for number in range(start, min(start + BATCH, each))]
        for statement, row in _statements(last, inside):
            database.executemany(statement, (row(subject) for subject in subjects))
    database.execute("update instances set last_position = ? where id = ?", (inside + each, DIRECTORY))
    database.execute("commit")
    broken = database.execute("pragma foreign_key_check").fetchone()
    assert broken is None, broken
    database.execute("pragma wal_checkpoint(truncate)")
    database.close()
    return each


def _statements(last, inside):
    """The rows of one number, a statement a table."""
    return [
        (
            "insert into accounts (provider, id, standing) values ('aws', ?, 'standalone')",
            lambda one: (one.account,),
        ),
        (
            "insert into instances (provider, id, owner_id, identity_store_id, region, status, created_at, updated_at,"
            " position, last_position) values ('aws', ?, ?, ?, 'us-east-1', 'active', ?, ?, ?, 1001)",
            lambda one: (one.instance, one.account, one.store, NOW, NOW, last + 1 + one.number),
        ),
        (
            "insert into tags (provider, instance_id, resource_id, position, key, value)"
            " values ('aws', ?, ?, 1001, 'number', ?)",
            lambda one: (one.instance, one.instance, str(one.number)),
        ),
        (
            "insert into replays (provider, account_id, operation, token, parameters, answer, instance_id, created_at)"
            " values ('aws', ?, 'CreateInstance', ?, ?, ?, ?, ?)",
            lambda one: (one.account, one.token, _parameters(one), _answer(one), one.instance, NOW),
        ),
        (
            "insert into users (provider, id, instance_id, position, name, name_key, status, origin, document,"
            " created_at, updated_at) values ('alibaba', ?, ?, ?, ?, ?, 'enabled', 'manual', '{}', ?, ?)",
            lambda one: (one.user, DIRECTORY, inside + 1 + one.number, one.user, one.user, NOW, NOW),
        ),
    ]


def _parameters(one):
    return json.dumps({"Name": None, "Tags": {"number": str(one.number)}}, separators=(",", ":"))


def _answer(one):
    return json.dumps({"InstanceArn": f"arn:aws:sso:::instance/{one.instance}"}, separators=(",", ":"))
