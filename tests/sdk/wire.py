"""Requests as bytes: what a real client sends, recorded; changed; and sent again."""

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace

LIMIT = 30
"""Seconds for one exchange."""


@dataclass(frozen=True)
class Message:
    """A request: the target as it stands in the first line, headers in order, and the body."""

    method: bytes
    target: bytes
    headers: tuple
    body: bytes

    @classmethod
    def parse(cls, raw):
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        method, target, _ = first.split(b" ")
        headers = tuple(tuple(line.split(b":", 1)) for line in lines)
        return cls(method, target, tuple((name, value.strip()) for name, value in headers), body)

    def header(self, name):
        """The value of a header, by its name in small letters; None when it is not there."""
        found = [value for other, value in self.headers if other.lower() == name]
        return found[0] if found else None

    def with_header(self, name, value):
        """With another value of this header, added at the end when it was not there; without it when None."""
        kept = [(other, value if other.lower() == name else old) for other, old in self.headers]
        if value is None:
            kept = [(other, old) for other, old in self.headers if other.lower() != name]
        elif self.header(name) is None:
            kept.append((name, value))
        return replace(self, headers=tuple(kept))

    def raw(self):
        """The bytes, with a true Content-Length and an end of the connection after the answer."""
        message = self.with_header(b"connection", b"close")
        if self.body or self.header(b"content-length") is not None:
            message = message.with_header(b"content-length", str(len(self.body)).encode())
        lines = [b" ".join((self.method, self.target, b"HTTP/1.1"))]
        lines += [name + b": " + value for name, value in message.headers]
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    """By names in small letters."""
    body: bytes


def send(server, message):
    """The answer of a running `Program` to this message, sent byte for byte."""
    with socket.create_connection(("127.0.0.1", server.port), LIMIT) as connection:
        connection.sendall(message.raw())
        raw = b""
        while chunk := connection.recv(65536):
            raw += chunk
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return Answer(int(first.split(" ")[1]), {name.lower(): value for name, value in headers.items()}, body)


@dataclass
class Recorder:
    """Stands in for a `Program` in a client's eyes: it has an address, a port and a URL."""

    port: int
    messages: list

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def url(self):
        return f"http://{self.address}"


def _read(connection):
    """One whole request."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += connection.recv(65536)
    message = Message.parse(raw)
    length = int(message.header(b"content-length") or 0)
    body = message.body
    while len(body) < length:
        body += connection.recv(65536)
    return replace(message, body=body)


@contextmanager
def recorder(body=b"{}", content_type="application/json"):
    """A server that writes down what it is sent, and answers each request by 200 and this body."""
    listener = socket.create_server(("127.0.0.1", 0))
    recording = Recorder(listener.getsockname()[1], [])
    answer = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode() + body

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(LIMIT)
                recording.messages.append(_read(connection))
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield recording
    finally:
        # A listener that is only closed goes on waiting.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(LIMIT)


def changed(text, at):
    """The text with another byte at this place: a letter or digit for one of these, else another sign."""
    byte = text[at : at + 1]
    other = b"B" if byte == b"A" else b"1" if byte == b"0" else b"A" if byte.isalpha() else b"0"
    return text[:at] + other + text[at + 1 :]
