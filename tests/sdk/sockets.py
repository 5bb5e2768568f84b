"""Connections by the hundred, for what only the bytes on a socket can show. Answers are read as they come, in order."""

import asyncio
import json
import math
from dataclasses import dataclass
from pathlib import Path

import plain

SLOWEST = 120
"""Seconds for an answer among thousands."""

THROTTLED = ((400, "ThrottlingException"), (400, "Throttling"), (429, "APIGW.0308"))
"""How each vendor words that there are too many requests."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict
    text: str

    def json(self):
        return json.loads(self.text)

    def said(self):
        """Status and code of a vendor's error."""
        body = self.json()
        return self.status, next(body[name] for name in ("__type", "Code", "error_code") if name in body)

    def done(self):
        """The body of an answer that has to be a success."""
        assert 200 <= self.status < 300, self
        return self.json() if self.text else None


class Socket:
    """One connection."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, server):
        return cls(*await asyncio.open_connection("127.0.0.1", server.port))

    async def write(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self):
        """The next answer. EOFError when there is none."""
        async with asyncio.timeout(SLOWEST):
            head = await self.reader.readuntil(b"\r\n\r\n")
            first, *lines = head.decode().split("\r\n")
            pairs = (line.split(": ", 1) for line in lines if line)
            headers = {name.lower(): value for name, value in pairs}
            body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return Answer(int(first.split()[1]), headers, body.decode())

    async def call(self, call):
        await self.write(call.raw())
        return await self.answer()

    async def closed(self):
        """That the server has no more to say."""
        async with asyncio.timeout(SLOWEST):
            assert await self.reader.read() == b""

    def close(self):
        self.writer.close()


async def many(server, count):
    """So many connections."""
    return list(await asyncio.gather(*(Socket.open(server) for _ in range(count))))


async def calm(server):
    """That a request of somebody else is answered at each door, and by the server itself."""
    one = await Socket.open(server)
    for call in (
        plain.aws("222222222222", "ListInstances"),
        plain.alibaba("GetDirectory"),
        plain.huawei("GET", "/v1/instances"),
    ):
        (await one.call(call)).done()
    assert (await one.call(plain.Call("GET", "/readyz"))).text == '{"status":"ok"}'
    one.close()


def memory(server, what="VmRSS"):
    """How much memory a server has, or with VmHWM ever had, in mebibytes."""
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"no {what}")


def percentile(times, part):
    """The time that so large a part of them does not exceed."""
    return sorted(times)[min(len(times) - 1, math.ceil(len(times) * part) - 1)]
