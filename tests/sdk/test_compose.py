"""What docker/compose.postgres.yaml tells a database and two servers is enough for both to work. No container is run."""

import re
import shlex
from urllib.parse import urlsplit

import pytest
import yaml

import cluster as postgres
import program
from replicas import aws, fresh_account

FILE = program.REPOSITORY / "docker" / "compose.postgres.yaml"


def variables(service):
    """What a service is told, where nobody sets anything else."""
    default = re.compile(r"\$\{\w+:-(\w*)\}")
    return {name: default.sub(r"\1", value) for name, value in service["environment"].items()}


@pytest.fixture
def services():
    return yaml.safe_load(FILE.read_text())["services"]


@pytest.fixture
def database(services):
    """A server set up as the image of PostgreSQL does it: with a password, and a database of the default template."""
    if postgres.programs() is None:
        pytest.skip("the programs of a PostgreSQL server are not found")
    told = variables(services["database"])
    assert told["POSTGRES_USER"] == postgres.USER
    running = postgres.Cluster(initdb=shlex.split(told["POSTGRES_INITDB_ARGS"]), password=told["POSTGRES_PASSWORD"])
    running.make(told["POSTGRES_DB"], "")
    yield running
    running.end()


def test_both_servers_share_the_database(services, database, start):
    (command, *arguments) = services["database"]["healthcheck"]["test"][1:]
    database.run(command, *arguments, f"--port={database.port}")
    servers = []
    for name in ("one", "two"):
        told = variables(services[name])
        url = urlsplit(told["SANMEN_DATABASE_URL"])
        assert url.hostname == "database", "the name of its service"
        url = url._replace(netloc=f"{url.username}:{url.password}@127.0.0.1:{database.port}").geturl()
        servers.append(start(variables=told | {"SANMEN_DATABASE_URL": url}))
        (_, *arguments) = services[name]["healthcheck"]["test"][1:]
        assert program.run(*arguments, SANMEN_LISTEN=servers[-1].address).returncode == 0
    account = fresh_account()
    status, made = aws(servers[0], account, "CreateInstance")
    assert status == 200
    assert aws(servers[1], account, "DescribeInstance", InstanceArn=made["InstanceArn"])[0] == 200


def test_the_password_may_be_in_a_variable_of_its_own(database, start):
    url = database.url("sanmen").replace(f":{database.password}@", "@")
    assert start("--database-url", url, variables={"PGPASSWORD": database.password}).get("/readyz")


def test_a_server_that_does_not_know_the_password_is_refused(database):
    url = database.url("sanmen").replace(f":{database.password}@", ":wrong@")
    done = program.run("serve", "--listen", "127.0.0.1:0", "--database-url", url)
    assert (done.returncode, done.stdout) == (1, "")
    assert "password authentication failed" in done.stderr and "wrong" not in done.stderr
