"""Many connections, and hostile ones: each request has its answer, and nobody is in another one's way."""

import asyncio
import itertools
import resource
import time
from contextlib import contextmanager

import plain
import pytest
from sockets import THROTTLED, Socket, calm, many, memory, percentile

pytestmark = pytest.mark.usefixtures("open_files")

IDLE, BUSY = 1000, 200
"""Connections that say nothing, and that say much."""


def limited(tmp_path, **limits):
    """The arguments of a server with these limits."""
    path = tmp_path / "limits.toml"
    named = [f"{name.replace('_', '-')} = {value}" for name, value in limits.items()]
    path.write_text("\n".join(["[limits]", *named]))
    return "--config", path


def account(number):
    return f"{9 * 10**11 + number}"


def create(number):
    word = f"w{number}"
    return plain.aws(account(number), "CreateInstance", ClientToken=word, Name=word, Tags=[{"Key": "k", "Value": word}])


async def own(socket, number):
    """The name of the one instance of an account."""
    found = (await socket.call(plain.aws(account(number), "ListInstances"))).done()["Instances"]
    return [one["Name"] for one in found if one["OwnerAccountId"] == account(number)]


def test_a_thousand_idle_connections_are_not_in_the_way_of_two_hundred_busy_ones(start, tmp_path):
    server = start(*limited(tmp_path, header_timeout=120_000), "--data-dir", tmp_path / "world", "--sync", "normal")
    before, times = memory(server), []

    async def busy(socket, index):
        for number in range(index * 10, index * 10 + 5):
            for call in (
                create(number),
                plain.alibaba("CreateUser", UserName=f"u{number}"),
                plain.huawei("GET", "/v1/instances/ins-1111111111111111/sso-configuration"),
            ):
                began = time.perf_counter()
                (await socket.call(call)).done()
                times.append(time.perf_counter() - began)
            assert await own(socket, number) == [f"w{number}"]

    async def run():
        idle, users = await many(server, IDLE), await many(server, BUSY)
        for socket in idle[::2]:
            await socket.write(b"POST / HTTP/1.1\r\nHost: a\r\n")
        await asyncio.gather(*(busy(socket, index) for index, socket in enumerate(users)))
        # And those that were idle are served as well, when they say something.
        for i, socket in enumerate(idle):
            call = plain.aws("222222222222", "ListInstances")
            await socket.write(call.raw().removeprefix(b"POST / HTTP/1.1\r\n" if i % 2 == 0 else b""))
        for socket in idle:
            (await socket.answer()).done()
        for socket in idle + users:
            socket.close()

    asyncio.run(run())
    grown = memory(server, "VmHWM") - before
    print(f"\n{len(times)} requests: p50 {percentile(times, 0.5):.3f} s, p99 {percentile(times, 0.99):.3f} s")
    print(f"{grown:.0f} MiB more for {IDLE + BUSY} connections")
    assert grown < 100, "a connection costs too much"


def test_who_sends_slowly_takes_nobodys_place(start, tmp_path):
    server = start(*limited(tmp_path, requests=1))

    async def run():
        sockets, texts = await many(server, 60), [create(number).raw() for number in range(60)]
        # The first half is slow with the head, the second one with the body.
        begun = [0 if i < 30 else text.index(b"\r\n\r\n") + 4 for i, text in enumerate(texts)]
        for socket, text, first in zip(sockets, texts, begun, strict=True):
            await socket.write(text[:first])
        rest = [text[first:-1] for text, first in zip(texts, begun, strict=True)]
        for step in range(max(map(len, rest))):
            for socket, text in zip(sockets, rest, strict=True):
                await socket.write(text[step : step + 1])
            if step % 50 == 0:
                await calm(server)
        for number, (socket, text) in enumerate(zip(sockets, texts, strict=True)):
            await socket.write(text[-1:])
            (await socket.answer()).done()
            assert await own(socket, number) == [f"w{number}"]
            socket.close()

    asyncio.run(run())


def test_more_unfinished_requests_than_are_served_at_a_time_are_not_in_the_way(start, tmp_path):
    server = start(*limited(tmp_path, request_timeout=120_000))

    async def run():
        # More than the 1024 that are served at a time, with all but one byte of their bodies.
        sockets, calls = await many(server, 1100), [create(number) for number in range(1100)]
        for socket, call in zip(sockets, calls, strict=True):
            await socket.write(call.raw("Expect: 100-continue")[: -len(call.body)])
        for socket in sockets:
            assert (await socket.answer()).status == 100, "it is being read"
        for socket, call in zip(sockets, calls, strict=True):
            await socket.write(call.body[:-1])
        await calm(server)
        for number, (socket, call) in enumerate(zip(sockets, calls, strict=True)):
            await socket.write(call.body[-1:])
            (await socket.answer()).done()
            if number % 20 == 0:
                assert await own(socket, number) == [f"w{number}"]
            socket.close()

    asyncio.run(run())


def test_half_closed_connections_have_their_answers(start):
    server = start()

    async def half(number):
        socket = await Socket.open(server)
        await socket.write(create(number).raw() + plain.aws(account(number), "ListInstances").raw())
        socket.writer.write_eof()
        (await socket.answer()).done()
        assert account(number) in (await socket.answer()).text
        await socket.closed()
        socket.close()

    async def cut(number, part):
        """Says that it has said all, in the middle of a request."""
        socket = await Socket.open(server)
        text = create(number).raw()
        await socket.write(text[: int(len(text) * part)])
        socket.writer.write_eof()
        answer = await socket.reader.read()
        assert not answer or answer.startswith(b"HTTP/1.1 400 "), answer
        socket.close()
        one = await Socket.open(server)
        assert await own(one, number) == [], "nothing was done"
        one.close()

    async def run():
        await asyncio.gather(*(half(number) for number in range(BUSY)))
        await asyncio.gather(*(cut(BUSY + i, i / 50) for i in range(50)))
        await calm(server)

    asyncio.run(run())


def test_answers_come_in_the_order_of_the_requests(start):
    server = start()
    pairs = 100

    def stream(index):
        """Requests of every kind, each with what its answer has to have."""
        for number in range(index * 1000, index * 1000 + pairs):
            yield create(number), 200, "InstanceArn"
            yield plain.aws(account(number), "ListInstances"), 200, f'"w{number}"'
            yield plain.aws(account(number), f"Nothing{number}"), 400, "UnknownOperationException"
            yield plain.alibaba("GetUser", UserId=f"u-{number}"), 404, "EntityNotExists.User"
            yield plain.huawei("GET", f"/v1/instances/{number}/sso-configuration"), 404, "IIC."
            yield plain.Call("GET", "/healthz"), 200, "ok"

    async def pipeline(index):
        socket = await Socket.open(server)
        expected = list(stream(index))

        async def send():
            await socket.write(b"".join(call.raw() for call, *_ in expected))

        sending = asyncio.create_task(send())
        for call, status, word in expected:
            answer = await socket.answer()
            assert answer.status == status and word in answer.text, (call, answer)
        await sending
        socket.close()

    async def run():
        await asyncio.gather(*(pipeline(index) for index in range(10)))

    asyncio.run(run())


def test_who_does_not_read_costs_no_memory(start):
    server = start()
    # Of some hundred kibibytes, so that two hundred of them do not find room on their way.
    call, silent = plain.Call("GET", "/_sanmen/openapi/alibaba.yaml"), 20
    before = memory(server)

    def answered():
        return server.logged().count(call.target)

    async def run():
        sockets = await many(server, silent)
        for socket in sockets:
            await socket.write(call.raw() * 200)
        count = 0
        # Until nobody gets any further.
        while (now := answered()) > count or now < silent:
            count = now
            for _ in range(5):
                await calm(server)
        assert count < 200 * silent, "all of them found room"
        grown = memory(server, "VmHWM") - before
        print(f"\n{count} answers for {silent} clients, {grown:.0f} MiB more")
        assert grown < 100, "answers pile up"
        # And there it goes on, for one who reads after all.
        for _ in range(200):
            assert (await sockets[0].answer()).status == 200
        for socket in sockets:
            socket.writer.transport.abort()
        await calm(server)

    asyncio.run(run())


def test_a_flood_is_throttled_and_none_of_it_is_lost(start, tmp_path):
    server = start(*limited(tmp_path, requests=4), "--data-dir", tmp_path / "world")
    numbers, told, users = itertools.count(), set(), {}

    def calls(number):
        word = f"w{number}"
        yield create(number)
        yield plain.alibaba("CreateUser", UserName=word)
        yield plain.attributes("PUT", [(word, "${path:a}")])

    async def one(socket, number):
        for vendor, call in enumerate(calls(number)):
            while (answer := await socket.call(call)).status != 200:
                assert answer.said() == THROTTLED[vendor], answer
                told.add(vendor)
            if vendor == 1:
                users[f"w{number}"] = answer.done()["User"]["UserId"]

    async def run():
        sockets = await many(server, 60)
        (await sockets[0].call(plain.attributes("POST", [("first", "${path:a}")]))).done()
        for _ in range(10):
            began = [next(numbers) for _ in sockets]
            flood = [asyncio.create_task(one(*each)) for each in zip(sockets, began, strict=True)]
            quiet = await Socket.open(server)
            assert (await quiet.call(plain.Call("GET", "/readyz"))).status == 200, "health is not throttled"
            quiet.close()
            await asyncio.gather(*flood)
            if len(told) == len(THROTTLED):
                break
        assert len(told) == len(THROTTLED), f"only {told} was ever throttled"
        await calm(server)
        for number in range(next(numbers)):
            assert await own(sockets[0], number) == [f"w{number}"]
        for name, user in users.items():
            assert (await sockets[0].call(plain.alibaba("GetUser", UserId=user))).done()["User"]["UserName"] == name
        for socket in sockets:
            socket.close()

    asyncio.run(run())


def test_tokens_cost_no_memory(start, tmp_path, request):
    count, clients = request.config.getoption("--load-tokens"), 64
    server = start("--data-dir", tmp_path, "--sync", "normal")
    numbers, arns, times, seen = iter(range(count)), {}, [], []

    async def client():
        socket = await Socket.open(server)
        for number in numbers:
            began = time.perf_counter()
            arn = (await socket.call(create(number))).done()["InstanceArn"]
            times.append(time.perf_counter() - began)
            if number % max(1, count // 1000) == 0:
                arns[number] = arn
            if number == count // 4:
                seen.append(memory(server))
        socket.close()

    async def again():
        socket = await Socket.open(server)
        for number, arn in arns.items():
            assert (await socket.call(create(number))).done() == {"InstanceArn": arn}
        socket.close()

    async def run():
        await asyncio.gather(*(client() for _ in range(clients)))
        seen.append(memory(server))
        await again()

    asyncio.run(run())
    assert len(times) == count
    print(f"\n{count} tokens: p50 {percentile(times, 0.5):.3f} s, p99 {percentile(times, 0.99):.3f} s")
    print(f"{seen[0]:.1f} MiB after a quarter of them, {seen[1]:.1f} MiB after all")
    assert seen[1] - seen[0] < 16, "tokens are kept in memory"


# Reading them in full took seconds, and 47 MiB each.
@pytest.mark.parametrize("kind", ["form", "tags", "nested", "query"])
def test_requests_of_nothing_but_separators_are_cheap(start, tmp_path, kind):
    server = start()
    megabyte = 1_000_000
    head = dict(plain.alibaba("GetDirectory").headers)
    call = {
        "form": plain.Call("POST", "/", head, b"&".join(b"a%d" % i for i in range(140_000))[:megabyte]),
        "tags": plain.Call("POST", "/", create(1).headers, b'{"Tags":[%s]}' % b",".join([b"{}"] * (megabyte // 3))),
        "nested": plain.Call("POST", "/", create(1).headers, b'{"Tags":[%s]}' % b",".join([b"[[]]"] * (megabyte // 5))),
        "query": plain.Call("GET", "/?" + "&".join("a" for _ in range(30_000)), head),
    }[kind]
    before = memory(server)

    async def one():
        socket = await Socket.open(server)
        answer = await socket.call(call)
        socket.close()
        return answer

    async def run():
        hostile = [asyncio.create_task(one()) for _ in range(64)]
        await calm(server)
        for answer in await asyncio.gather(*hostile):
            status, code = answer.said()
            assert status == 400 and code in ("InvalidParameter", "SerializationException"), answer
        await calm(server)

    asyncio.run(run())
    grown = memory(server, "VmHWM") - before
    print(f"\n{kind}: {grown:.0f} MiB more")
    # What came in, and not much of what it could be taken for.
    assert grown < 160


@contextmanager
def files(soft):
    """So few files for what is started meanwhile."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_server_takes_as_many_files_as_it_may_have(start):
    with files(256):
        server = start()

    async def run():
        sockets = await many(server, 600)
        for socket in sockets:
            (await socket.call(plain.aws("222222222222", "ListInstances"))).done()
            # It stays open.
        await calm(server)

    asyncio.run(run())


def test_more_connections_than_the_server_may_have_wait_for_others_to_end(start, tmp_path):
    server = start("--data-dir", tmp_path)
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (100, 100))

    async def run():
        sockets = await many(server, 300)
        waiting = [asyncio.create_task(socket.call(create(i))) for i, socket in enumerate(sockets)]
        answered = set()
        # Whoever is answered goes, and makes room for another one.
        for done in asyncio.as_completed(waiting):
            (await done).done()
            for i, one in enumerate(waiting):
                if one.done() and i not in answered:
                    answered.add(i)
                    sockets[i].close()
        assert len(answered) == len(sockets)
        await calm(server)

    asyncio.run(run())
    assert "a connection could not be accepted" in server.logged(), "there were never too many"
    assert "panic" not in server.logged()
