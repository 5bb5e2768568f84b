"""Makes the database that tests/it/upgrade.rs opens: a world with something in every table, as this version writes it.

    .venv/bin/python tests/sdk/fixture.py tests/fixtures/VERSION.db

Run it once for each release, when its schema is settled. A file that was made is never made again: later versions have to
open what earlier ones wrote.
"""

import json
import shutil
import sqlite3
import sys
import tempfile
import urllib.request
from contextlib import closing
from pathlib import Path

import plain
import program
from clients import ALIBABA_MANAGEMENT, V3

SEED = program.REPOSITORY / "tests" / "seeds" / "full.yaml"

ARN = "arn:aws:sso:::instance/ssoins-1111111111111111"

KEY = "arn:aws:kms:us-east-1:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab"


def admin(server, method, path, **body):
    request = urllib.request.Request(server.url + path, json.dumps(body).encode() if body else None, method=method)
    with urllib.request.urlopen(request) as answer:
        assert answer.status < 300


def fill(directory):
    # A nonce is kept where signatures are verified.
    strict = program.Program("--data-dir", directory, "--seed", SEED, "--auth", "strict")
    V3(strict, ALIBABA_MANAGEMENT, "UpdateMFAAuthenticationSettings", DirectoryId=plain.DIRECTORY,
       MFAAuthenticationSettings="OnlyRiskyLogin", OperationForRiskLogin="EnforceVerify")
    strict.stop()
    server = program.Program("--data-dir", directory, "--seed", SEED)
    connection = plain.Connection(server)
    tags = [{"Key": "zone", "Value": "1"}, {"Key": "area", "Value": "é"}]
    for call in (
        plain.aws("2" * 12, "CreateInstance", Name="member", ClientToken="fixture", Tags=tags),
        plain.aws("9" * 12, "CreateInstance"),
        plain.aws("1" * 12, "UpdateInstance", InstanceArn=ARN, Name="acme", EncryptionConfiguration={
            "KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": KEY}),
        plain.attributes("POST", [("email", "${path:emails[primary eq true].value}")]),
        plain.alibaba("CreateUser", UserName="Carol", DisplayName="Carol", Password="Fixture-0.1.0",
                      **{"Tags.1.Key": "k", "Tags.1.Value": "v"}),
    ):
        connection.done(call)
    admin(server, "PUT", "/_sanmen/life-cycle", pace="reads=2")
    connection.done(plain.aws("1" * 12, "AddRegion", InstanceArn=ARN, RegionName="us-west-2"))
    admin(server, "POST", "/_sanmen/keys", vendor="aws", account="2" * 12, id="ASIAFIXTURE", secret="fixture",
          temporary=True, session_token="fixture", expires_at="2099-01-01T00:00:00Z")
    admin(server, "POST", "/_sanmen/accounts", vendor="aws", id="5" * 12, organization="o-1111111111", name="Closed")
    admin(server, "DELETE", "/_sanmen/accounts/" + "5" * 12)
    connection.close()
    server.stop()


def main(target):
    if target.exists():
        sys.exit(f"{target} is there already")
    with tempfile.TemporaryDirectory() as directory:
        fill(Path(directory))
        made = Path(directory) / "sanmen.db"
        with closing(sqlite3.connect(made)) as database:
            names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
            empty = [name for name in names if not database.execute(f'select count(*) from "{name}"').fetchone()[0]]
        if empty:
            sys.exit(f"nothing is in {', '.join(empty)}: add to what is written here")
        shutil.copyfile(made, target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
