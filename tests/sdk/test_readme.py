"""Every command of README.md does what the README says, against the running server."""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import cluster as postgres
import program

README = program.REPOSITORY / "README.md"

PORT = "7760"
ADDRESS = f"127.0.0.1:{PORT}"
"""The address in the README; each block is run with the real one instead."""

LIMIT = 180
"""Seconds for one block."""

# Blocks marked `sh no-run`: a fragment that tells which one is meant, and why it is not run. One block each.
NOT_RUN = {
    "cargo run": "the start command: it runs until it is ended, and this suite has started the same program",
    "tests": "the test command: it would run this suite within itself",
    "docker compose": "needs a container engine",
    "createdb": "needs a PostgreSQL of its own: test_the_database_of_the_readme_is_one_that_the_program_takes has one",
    "bench/run": "a quarter of an hour; tests/sdk/test_bench.py runs a short one",
}

# What a newcomer must be able to copy: how to tell such a block, by language and content.
CLIENTS = {
    "curl": ("sh", r"\bcurl\b"),
    "boto3": ("python", r"\bboto3\b"),
    "aws CLI": ("sh", r"(?m)^\s*aws "),
    "alibabacloud": ("python", r"\balibabacloud_"),
    "huaweicloud": ("python", r"\bhuaweicloudsdk"),
}

FENCE = re.compile(r"^(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it begins, what it says it is, its text, and the output that follows it."""

    line: int
    info: str
    text: str
    expected: str | None = None

    def __str__(self):
        return f"line {self.line} ({self.info})"


def fenced(markdown):
    """All fenced blocks; a `text` block directly after another is that one's expected output."""
    found, lines, end = [], markdown.splitlines(), None
    number = 0
    while number < len(lines):
        opening = FENCE.match(lines[number])
        if not opening:
            if lines[number].strip():
                end = None
            number += 1
            continue
        begin, fence = number, opening["fence"]
        closing = re.compile(rf" {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}\s*")
        number += 1
        while number < len(lines) and not closing.fullmatch(lines[number]):
            number += 1
        assert number < len(lines), f"README.md:{begin + 1}: the block is not closed"
        block = Block(begin + 1, opening["info"].strip(), "\n".join(lines[begin + 1 : number]) + "\n")
        number += 1
        if block.info == "text" and end is not None:
            found[end] = Block(found[end].line, found[end].info, found[end].text, block.text)
            end = None
        else:
            found.append(block)
            end = len(found) - 1
    return found


def pattern(expected):
    """A regular expression for an expected output, in which `…` stands for any run of characters."""
    return re.compile(".*?".join(map(re.escape, expected.strip().split("…"))), re.DOTALL)


BLOCKS = fenced(README.read_text()) if README.exists() else []
RUN = [block for block in BLOCKS if block.info.removesuffix(" strict") in ("sh", "python")]


@pytest.mark.parametrize("block", RUN, ids=str)
def test_a_command_of_the_readme_works(request, block):
    language, _, strict = block.info.partition(" ")
    world = request.getfixturevalue("strict" if strict else "world")
    text = block.text.replace(ADDRESS, world.address)
    assert PORT not in text, f"{block} names the default port otherwise than as {ADDRESS}"
    command = ["bash", "-euo", "pipefail", "-c"] if language == "sh" else [sys.executable, "-c"]
    path = os.pathsep.join([str(Path(sys.executable).parent), str(program.binary().parent), os.environ["PATH"]])
    done = subprocess.run(
        [*command, text],
        cwd=program.REPOSITORY,
        # Commands of the program itself, such as `sanmen env`, take the address from their variable.
        env=program.environment(PATH=path, SANMEN_LISTEN=world.address),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert done.returncode == 0, f"{block} failed\n{done.stdout}\n{done.stderr}"
    if block.expected is not None:
        expected = block.expected.replace(ADDRESS, world.address)
        assert pattern(expected).fullmatch(done.stdout.strip()), f"{block} printed\n{done.stdout}\nnot\n{expected}"


@pytest.mark.parametrize("client", CLIENTS)
def test_the_readme_has_a_call_by_each_client(client):
    language, content = CLIENTS[client]
    assert any(block.info == language and re.search(content, block.text) for block in RUN)


def test_each_block_that_is_not_run_has_a_reason():
    skipped = [block for block in BLOCKS if block.info == "sh no-run"]
    reasons = [[fragment for fragment in NOT_RUN if fragment in block.text] for block in skipped]
    assert all(len(known) == 1 for known in reasons), list(zip(map(str, skipped), reasons, strict=True))
    assert sorted(known[0] for known in reasons) == sorted(NOT_RUN), "one block for each reason, and none stale"


def test_the_seed_and_the_configuration_are_ones_that_the_program_takes(start, tmp_path):
    (seed,) = [block.text for block in BLOCKS if block.info == "yaml"]
    (config,) = [block.text for block in BLOCKS if block.info == "toml"]
    (tmp_path / "seed.yaml").write_text(seed)
    (tmp_path / "config.toml").write_text(config.replace("/var/lib/sanmen", str(tmp_path / "data")))
    server = start("--config", str(tmp_path / "config.toml"), "--seed", str(tmp_path / "seed.yaml"))
    ids = {instance["id"] for vendor in server.info()["vendors"] for instance in vendor["instances"]}
    assert ids == {"ssoins-0123456789abcdef", "d-00acme000001", "ins-acme000000000001"}
    assert (tmp_path / "data" / "sanmen.db").is_file()


def test_the_database_of_the_readme_is_one_that_the_program_takes(start, cluster):
    (block,) = [block for block in BLOCKS if "createdb" in block.text]
    (create, *given), serve = map(shlex.split, block.text.splitlines())
    cluster.run(create, "--host=127.0.0.1", f"--port={cluster.port}", f"--username={postgres.USER}", *given)
    assert serve[:3] == ["sanmen", "serve", "--database-url"]
    url = serve[3].replace("@127.0.0.1/", f"@127.0.0.1:{cluster.port}/")
    assert url != serve[3]
    servers = [start("--database-url", url) for _ in range(2)]
    assert servers[0].info() == servers[1].info()
    for server in servers:
        server.stop()
    cluster.sql("drop database sanmen")


def test_no_command_escapes_by_another_name():
    commands = ("sh", "bash", "shell", "console", "zsh", "py", "python", "python3", "")
    others = [block for block in BLOCKS if block not in RUN and block.info != "sh no-run"]
    assert [str(block) for block in others if block.info.partition(" ")[0] in commands] == []


# The reader of blocks itself.
SAMPLE = """
```sh
echo one
```

```text
o…e
```
words
```text
alone
```
~~~~python
print("```")
~~~~
"""


def test_blocks_are_read_with_the_output_that_follows_them():
    assert [(block.info, block.text, block.expected) for block in fenced(SAMPLE)] == [
        ("sh", "echo one\n", "o…e\n"),
        ("text", "alone\n", None),
        ("python", 'print("```")\n', None),
    ]


@pytest.mark.parametrize(
    "expected, printed, fits",
    [
        ("o…e", "one", True),
        ("o…e\n", "on\ne", True),
        ("a.c", "abc", False),
        ("one", "one more", False),
        ("…", "", True),
    ],
)
def test_an_ellipsis_stands_for_any_run(expected, printed, fits):
    assert bool(pattern(expected).fullmatch(printed)) == fits
