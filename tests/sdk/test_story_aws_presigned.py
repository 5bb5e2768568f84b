"""Presigned addresses of GetCallerIdentity: how tools show others who they are (EKS, Vault)."""

import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta

import botocore.auth
import pytest

from aws_signer import temporary
from clients import AWS_MEMBER
from story_aws import either, mode, of, sts  # noqa: F401
from test_story_aws_caller import NAMESPACE, identity, send


def presigned(client, server, **how):
    address = client.generate_presigned_url("get_caller_identity", HttpMethod="GET", **how)
    assert address.startswith(server.url)
    return address.removeprefix(server.url)


@pytest.mark.parametrize("kind", ["seed", "temporary"])
def test_a_presigned_address_tells_who_made_it(either, kind):
    client = sts(either.url, **(of(temporary(either)) if kind == "temporary" else {}))
    target = presigned(client, either)
    status, _, text = send(either, "GET", target)
    assert status == 200, text
    assert ElementTree.fromstring(text).findtext(f".//{{{NAMESPACE}}}Arn") == identity(AWS_MEMBER)["Arn"]


# observed: a quarter of an hour, whatever the address itself says.
def test_a_presigned_address_has_its_time(strict, monkeypatch):
    client = sts(strict.url)
    for minutes, expires, expected in ((-16, 3600, 403), (-14, 3600, 200), (-2, 1, 200)):
        wrong = datetime.now(UTC) + timedelta(minutes=minutes)
        monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda wrong=wrong: wrong)
        target = presigned(client, strict, ExpiresIn=expires)
        status, _, text = send(strict, "GET", target)
        assert status == expected, (minutes, expires, text)
        if status == 403:
            assert "SignatureDoesNotMatch" in text and "Signature expired: " in text
    # What is added to it was not signed.
    status, _, text = send(strict, "GET", target + "&Colour=blue")
    assert status == 403 and "SignatureDoesNotMatch" in text
