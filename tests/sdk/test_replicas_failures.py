"""Servers that share a PostgreSQL database, when one of them is killed, and when the database is."""

import signal
import time

import pytest
from huaweicloudsdkcore.exceptions.exceptions import ServerResponseException

import cluster as postgres
import program
from clients import ALIBABA_MANAGEMENT, CORE_POST, Refusal, huawei
from replicas import Load, at_once, aws, fresh_account, get, until
from test_alibaba import DIRECTORY
from test_huawei import read

AWAY = 20
"""Seconds within which a request is answered while there is no database."""


# What was acknowledged is there, once, and what was not is not there by half.
def test_one_server_is_killed_under_load(start, cluster, database):
    for _ in range(3):
        servers = [start("--database-url", database) for _ in range(2)]
        load = Load(servers)
        load.until(200)
        servers[0].process.kill()
        servers[0].process.wait()
        load.until(200)
        load.end()
        assert any(status is None for status, _ in load.faults), "none was in the middle of a request"
        load.check(servers[1], cluster, database)
        # It comes back to what is there, with the tokens that the dead one was given.
        back = start("--database-url", database)
        load.check(back, cluster, database)
        cluster.sql("truncate instances cascade; delete from tags", database.rpartition("/")[2])
        for server in (servers[1], back):
            server.stop()


@pytest.fixture
def own_cluster():
    """A server that nobody else minds."""
    if postgres.programs() is None:
        pytest.skip("the programs of a PostgreSQL server are not found")
    running = postgres.Cluster()
    yield running
    running.end()


# Each vendor's own error, of which its clients know that they may ask again; and then all goes on by itself.
def test_the_database_crashes_under_load(start, own_cluster):
    url = own_cluster.make("crash")
    servers = [start("--database-url", url) for _ in range(2)]
    load = Load(servers)
    for round in range(2):
        load.until(100)
        faults = len(load.faults)
        own_cluster.stop("immediate")
        until(lambda faults=faults: len(load.faults) >= faults + 8, "requests that fail")
        if round == 0:
            away(servers)
        own_cluster.start()
        for server in servers:
            account = fresh_account()
            made = aws(server, account, "CreateInstance")
            assert made[0] == 200, "the first request after it is back succeeds"
            for _ in range(20):
                assert aws(server, account, "DescribeInstance", InstanceArn=made[1]["InstanceArn"])[0] == 200
            assert get(server, "/readyz") == 200
    load.until(100)
    load.end()
    assert set(load.faults) == {(500, "InternalServerException")}
    for server in servers:
        load.check(server, own_cluster, url)
        assert postgres.PASSWORD not in server.logged()


def away(servers):
    """What servers say while there is no database."""

    def account_of_aws(server):
        status, answer = aws(server, fresh_account(), "ListInstances")
        return status, answer["__type"]

    def write_at_aws(server):
        status, answer = aws(server, fresh_account(), "CreateInstance")
        return status, answer["__type"]

    def directory_of_alibaba(server):
        with pytest.raises(Refusal) as caught:
            CORE_POST(server, ALIBABA_MANAGEMENT, "GetDirectory", DirectoryId=DIRECTORY)
        return caught.value.status, caught.value.code

    def settings_of_huawei(server):
        with pytest.raises(ServerResponseException) as caught:
            read(huawei(server))
        return caught.value.status_code, caught.value.error_code

    def readiness(server):
        return get(server, "/readyz")

    began = time.monotonic()
    calls = [readiness, account_of_aws, write_at_aws, directory_of_alibaba, settings_of_huawei]
    said = at_once([lambda server=server, one=one: one(server) for server in servers for one in calls])
    assert time.monotonic() - began < AWAY
    aws_fault = (500, "InternalServerException")
    expected = [503, aws_fault, aws_fault, (500, "InternalError"), (500, "APIGW.0601")]
    assert said == expected * len(servers)
    for server in servers:
        assert get(server, "/healthz") == 200
        assert server.process.poll() is None


# It is there, and says nothing: no connection ends, none is refused.
def test_the_database_stands_still(start, own_cluster, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text("[limits]\nrequest-timeout = 3000\n")
    server = start("--config", config, "--database-url", own_cluster.make("still"))

    def all_at_once():
        accounts = [fresh_account() for _ in range(4)]
        made = [lambda account=account: aws(server, account, "CreateInstance")[0] for account in accounts]
        seen = [lambda account=account: aws(server, account, "ListInstances")[1].get("__type") for account in accounts]
        return at_once([lambda: get(server, "/readyz"), *made, *seen])

    assert all_at_once() == [200] * 5 + [None] * 4
    own_cluster.signal(signal.SIGSTOP)
    began = time.monotonic()
    assert all_at_once() == [503] + [400] * 4 + ["RequestTimeoutException"] * 4
    assert time.monotonic() - began < AWAY
    assert get(server, "/healthz") == 200
    own_cluster.signal(signal.SIGCONT)
    until(lambda: get(server, "/readyz") == 200, "readiness")
    assert all_at_once() == [200] * 5 + [None] * 4


# Starting on what cannot be used: a sentence, exit code 1, and nothing changed.


def refusal(url):
    done = program.run("serve", "--listen", "127.0.0.1:0", "--database-url", url)
    assert (done.returncode, done.stdout) == (1, "")
    assert postgres.PASSWORD not in done.stderr
    return done.stderr


def test_a_database_of_another_order_is_refused(cluster):
    icu = "template template0 encoding 'UTF8' locale_provider icu icu_locale 'und' lc_collate 'C' lc_ctype 'C'"
    url = cluster.make("ordered", icu)
    said = refusal(url)
    assert f"create database … {postgres.BY_BYTES}" in said
    assert cluster.sql("select count(*) from pg_tables where schemaname = 'public'", "ordered") == "0"
    cluster.sql("drop database ordered")
    # What the sentence says to do helps.
    url = cluster.make("ordered", postgres.BY_BYTES)
    program.Program("--database-url", url).stop()
    cluster.sql("drop database ordered")


def test_a_database_of_another_program_is_refused(cluster, database):
    name = database.rpartition("/")[2]
    cluster.sql("create table notes (text text); insert into notes values ('kept')", name)
    assert '"notes"' in refusal(database)
    assert cluster.sql("select tablename from pg_tables where schemaname = 'public'", name) == "notes"
    assert cluster.sql("select text from notes", name) == "kept"


def test_a_database_that_is_not_there_is_said_not_to_be(cluster):
    assert "cannot connect" in refusal(cluster.url("nowhere"))


def test_a_server_without_a_database_to_begin_with_says_so(own_cluster):
    url = own_cluster.make("gone")
    own_cluster.stop()
    assert "cannot connect" in refusal(url)
