"""Load on servers that share a database: calls without an SDK, retried as SDKs do, and what must be true afterwards."""

import http.client
import itertools
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

LIMIT = 60
"""Seconds until something must have happened, and for one call."""

_accounts = itertools.count(700_000_000_000)


def fresh_account():
    """The number of an account that no test has used."""
    return str(next(_accounts))


def aws(server, account, operation, **body):
    """The status and the JSON of one call; signed, and the signature not verified. OSError where no answer comes."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=LIMIT)
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={account}/20260102/us-east-1/sso/aws4_request, "
        "SignedHeaders=host, Signature=0",
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"SWBExternalService.{operation}",
    }
    try:
        connection.request("POST", "/", json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except http.client.HTTPException as error:
        raise OSError("the answer broke off") from error
    finally:
        connection.close()


def get(server, path):
    """The status of a plain GET."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=LIMIT)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def at_once(calls):
    """What calls answer that begin at the same moment."""
    barrier = Barrier(len(calls))

    def one(function):
        barrier.wait()
        return function()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def until(holds, what):
    """Waits for a condition that some other thread brings about."""
    end = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < end, f"not within {LIMIT} s: {what}"
        time.sleep(0.005)


TAGS = [{"Key": key, "Value": key.upper()} for key in ("one", "two", "three")]


class Load:
    """Clients that make an instance after the other, each for an account of its own, with a token, and three tags.

    What fails by a fault of the server's, or has no answer, is sent again, to another server.
    """

    def __init__(self, servers, clients=16):
        self.servers = servers
        self.acknowledged = {}
        """The ARNs by account, as they were told."""
        self.faults = []
        """The statuses and types of the errors after which a call was sent again; None where no answer came."""
        self.broken = []
        """What must not have happened."""
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(i,), daemon=True) for i in range(clients)]
        for thread in self._threads:
            thread.start()

    def _run(self, client):
        servers = itertools.cycle(self.servers[client % len(self.servers) :] + self.servers)
        server = next(servers)
        while not self._ending.is_set():
            account = fresh_account()
            give_up = time.monotonic() + LIMIT
            while True:
                try:
                    status, answer = aws(
                        server, account, "CreateInstance", Name="load", Tags=TAGS, ClientToken=f"token-{account}"
                    )
                except OSError:
                    status, answer = None, {}
                if status == 200:
                    self.acknowledged[account] = answer["InstanceArn"]
                    break
                if status is not None and status < 500 or time.monotonic() > give_up:
                    self.broken.append((account, status, answer))
                    return
                self.faults.append((status, answer.get("__type")))
                server = next(servers)

    def until(self, more):
        """Waits until so many more are acknowledged."""
        goal = len(self.acknowledged) + more
        until(lambda: len(self.acknowledged) >= goal or self.broken, f"{more} more instances")
        assert not self.broken, self.broken[:3]

    def end(self):
        """Lets each client finish what it has begun."""
        self._ending.set()
        for thread in self._threads:
            thread.join(2 * LIMIT)
            assert not thread.is_alive()
        assert not self.broken, self.broken[:3]

    def check(self, server, cluster, database):
        """All that was acknowledged is there once, whole, and told again; and there is nothing else."""
        name = database.rpartition("/")[2]
        rows = cluster.sql(
            """select i.owner_id, i.id, (select string_agg(t.key || '=' || t.value, ',' order by t.position)
                                           from tags t where t.resource_id = i.id),
                      (select count(*) from replays r where r.instance_id = i.id)
                 from instances i where i.name = 'load'""",
            name,
        )
        rows = [row.split("|") for row in rows.splitlines()]
        there = {owner: f"arn:aws:sso:::instance/{id}" for owner, id, _, _ in rows}
        assert len(rows) == len(there), "an account has two"
        assert {(tags, replays) for _, _, tags, replays in rows} == {("one=ONE,two=TWO,three=THREE", "1")}
        assert self.acknowledged == there
        for account, arn in list(self.acknowledged.items())[:: max(1, len(there) // 100)]:
            again = aws(server, account, "CreateInstance", Name="load", Tags=TAGS, ClientToken=f"token-{account}")
            assert again == (200, {"InstanceArn": arn})
            status, told = aws(server, account, "DescribeInstance", InstanceArn=arn)
            assert (status, told["Name"]) == (200, "load")
