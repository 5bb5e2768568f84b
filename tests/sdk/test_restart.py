"""A world in a directory outlives the program: instances, tokens and settings of all three vendors."""

import sqlite3

import pytest
from botocore.exceptions import ClientError

from clients import ALIBABA_MANAGEMENT, V3, aws, huawei
from test_alibaba import settings, update
from test_huawei import FRESH, read, write


def test_instances_and_tokens_survive_a_restart(start, tmp_path):
    before = start("--data-dir", tmp_path)
    token = {"ClientToken": "t-1", "Name": "kept", "Tags": [{"Key": "team", "Value": "a"}]}
    client = aws(before.url)
    arn = client.create_instance(**token)["InstanceArn"]
    described = client.describe_instance(InstanceArn=arn)
    before.stop()

    client = aws(start("--data-dir", tmp_path).url)
    # doc: the same token and parameters answer the same ARN, other parameters a mismatch.
    assert client.create_instance(**token)["InstanceArn"] == arn
    with pytest.raises(ClientError) as caught:
        client.create_instance(ClientToken="t-1", Name="changed")
    assert caught.value.response["Error"]["Code"] == "IdempotentParameterMismatch"
    # doc: one instance an account.
    with pytest.raises(client.exceptions.ConflictException):
        client.create_instance()
    again = client.describe_instance(InstanceArn=arn)
    assert {**again, "ResponseMetadata": None} == {**described, "ResponseMetadata": None}


def test_settings_survive_a_restart(start, tmp_path):
    before = start("--data-dir", tmp_path)
    update(before, "OnlyRiskyLogin", "EnforceVerify")
    write(huawei(before), {"mfa_mode": "DISABLED"})
    before.stop()

    after = start("--data-dir", tmp_path)
    assert settings(after) == ("OnlyRiskyLogin", "EnforceVerify")
    assert read(huawei(after)) == FRESH | {"mfa_mode": "DISABLED"}


# A seed is applied to a new database only.
def test_another_seed_leaves_a_world_that_is_there(start, tmp_path):
    start("--data-dir", tmp_path, "--seed", "default").stop()
    after = start("--data-dir", tmp_path, "--seed", "blank")
    info = V3(after, ALIBABA_MANAGEMENT, "GetMFAAuthenticationSettingInfo", DirectoryId="d-001111111111")
    assert info["MFAAuthenticationSettingInfo"]["MfaAuthenticationAdvanceSettings"] == "Enabled"


def test_without_a_directory_nothing_is_kept(start):
    before = start()
    arn = aws(before.url).create_instance()["InstanceArn"]
    before.stop()
    with pytest.raises(ClientError) as caught:
        aws(start().url).describe_instance(InstanceArn=arn)
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"


# The database closes cleanly: it is whole, and it is where it was said to be.
def test_the_database_is_whole_after_a_stop(start, tmp_path):
    running = start("--data-dir", tmp_path)
    aws(running.url).create_instance()
    running.stop()
    with sqlite3.connect(f"file:{tmp_path / 'sanmen.db'}?mode=ro", uri=True) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        assert database.execute("pragma foreign_key_check").fetchall() == []


# Two servers on one machine do not see each other.
def test_two_servers_have_two_worlds(start, world):
    other = start()
    update(world, "Disabled")
    assert settings(other) == ("Enabled", None)
