"""AWS with `--auth strict`, request by request: what is accepted, what is refused, in which words and which order."""

import email.utils
import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from aws_signer import (
    ALGORITHM,
    FORM,
    INVALID_TOKEN,
    NEVER_ISSUED,
    WRONG_SIGNATURE,
    accepted,
    edited,
    message,
    refusal,
    signed,
    temporary,
)
from clients import AWS_MANAGEMENT, AWS_MEMBER

INVALID, INCOMPLETE = "InvalidSignatureException", "IncompleteSignatureException"
NO_CREDENTIALS = ("MissingAuthenticationTokenException", "Missing Authentication Token")


@pytest.fixture
def untouched(strict):
    """The strict server; the test fails when the world was changed by what the test did."""
    before = strict.info()
    yield strict
    assert strict.info() == before


def of(key):
    """What `sign` is to be told of an issued key."""
    return {"account": key["id"], "secret": key["secret"], "token": key["session_token"]}


# What is accepted


# doc: the query is sorted by name, then by value, and a name without a value has an empty one.
@pytest.mark.parametrize(
    "target",
    [
        *("/?b=2&a=1", "/?a=2&a=10&a=1", "/?flag", "/?flag&a=1", "/?empty=", "/?b=%20&a=%2F", "/?a=-_.~"),
        *("/prefix", "/prefix/", "/a%20b", "/a%252Fb", "/%C3%A4/~user", "/a//b", "/a/./b", "/a/../b", "/../a"),
        *("/(a)*'!", "/a:b@c", "/a/..", "/?a-b=1&a=2", "/prefix/a%20b?y=2&x=1"),
    ],
)
def test_a_path_and_a_query_are_signed(strict, target):
    assert accepted(strict, signed(strict, target=target))["InstanceArn"]


# doc: values are trimmed, runs of spaces become one, values of one name are joined by commas.
@pytest.mark.parametrize(
    "headers",
    [
        [("X-Foo", "a    b  c")],
        [("X-Foo", "   a b   ")],
        [("X-Foo", '"a   b"')],
        [("X-Foo", "")],
        [("X-Foo", "z"), ("x-foo", "a  b")],
        [("X-Amz-Meta-Z", "1"), ("X-Amz-Meta-A", "2")],
        [("Zeta", "1"), ("Alpha", "2"), ("alpha-beta", "3"), ("alpha_gamma", "4")],
    ],
    ids=["inner", "outer", "quoted", "empty", "two values", "x-amz", "order"],
)
def test_headers_are_signed_as_they_are_canonical(strict, headers):
    assert accepted(strict, signed(strict, headers=headers))["InstanceArn"]


# doc: the clock may be five minutes wrong.
@pytest.mark.parametrize("shift", [-290, -60, 60, 290])
def test_a_clock_that_is_nearly_right_is_accepted(strict, shift):
    assert accepted(strict, signed(strict, shift=shift))["InstanceArn"]


# doc: `Date` will do instead; botocore writes `-0000`, RFC 9110 wants GMT.
@pytest.mark.parametrize("zone", ["-0000", "GMT"])
@pytest.mark.parametrize("shift", [-290, 0, 290])
def test_a_date_header_is_accepted_instead(strict, monkeypatch, zone, shift):
    monkeypatch.setattr(
        "botocore.auth.formatdate", lambda seconds: email.utils.formatdate(seconds, usegmt=zone == "GMT")
    )
    one = signed(strict, headers=[("Date", "")], shift=shift)
    assert one.header(b"x-amz-date") is None and one.header(b"date").endswith(zone.encode())
    assert accepted(strict, one)["InstanceArn"]


# inferred: the names, their commas and the order in Authorization are of no account; hex is written small.
@pytest.mark.parametrize("separator", [", ", ",", ",  ", " , "])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_parts_of_authorization_may_stand_in_any_order(strict, separator, order):
    one = signed(strict)
    parts = one.header(b"authorization").decode().removeprefix(ALGORITHM + " ").split(", ")
    header = f"{ALGORITHM} {separator.join(parts[place] for place in order)}"
    assert accepted(strict, one.with_header(b"authorization", header.encode()))["InstanceArn"]


# doc: what is not listed is not signed: Go's SDK lists other headers than botocore, and proxies add some.
def test_only_what_is_listed_is_signed(strict):
    one = signed(strict, unsigned=["content-type"])
    assert b"content-type" not in one.header(b"authorization")
    one = one.with_header(b"user-agent", b"anything").with_header(b"x-forwarded-for", b"10.0.0.1")
    assert accepted(strict, one)["InstanceArn"]


def test_the_hash_of_the_body_may_stand_in_a_header(strict):
    right = ("X-Amz-Content-SHA256", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")
    assert accepted(strict, signed(strict, headers=[right]))["InstanceArn"]


# inferred from doc: the hash is of the body that came; only S3 knows unsigned ones.
@pytest.mark.parametrize("told", ["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "e3b0c442" * 8])
def test_a_body_that_is_not_covered_is_refused(untouched, told):
    one = signed(untouched, headers=[("X-Amz-Content-SHA256", told)])
    assert refusal(untouched, one)[0] == INVALID


# What is refused


# doc: five minutes; observed: the sentences, with the moments of the request, of the limit and of the server.
@pytest.mark.parametrize(
    "shift, form, sign_of_limit",
    [
        (-302, r"Signature expired: (\w+) is now earlier than (\w+) \((\w+) - 5 min\.\)", -1),
        (-86400, r"Signature expired: (\w+) is now earlier than (\w+) \((\w+) - 5 min\.\)", -1),
        (304, r"Signature not yet current: (\w+) is still later than (\w+) \((\w+) \+ 5 min\.\)", 1),
        (86400, r"Signature not yet current: (\w+) is still later than (\w+) \((\w+) \+ 5 min\.\)", 1),
    ],
)
def test_a_clock_that_is_wrong_is_refused(untouched, shift, form, sign_of_limit):
    sent = signed(untouched, shift=shift)
    kind, told = refusal(untouched, sent)
    assert kind == INVALID
    found = re.fullmatch(form, told)
    assert found, told
    requested, limit, now = (datetime.strptime(one, FORM).replace(tzinfo=UTC) for one in found.groups())
    assert requested.strftime(FORM).encode() == sent.header(b"x-amz-date")
    assert limit == now + sign_of_limit * timedelta(minutes=5)
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


SENTENCES = {
    "Credential": "Authorization header requires 'Credential' parameter. ",
    "Signature": "Authorization header requires 'Signature' parameter. ",
    "SignedHeaders": "Authorization header requires 'SignedHeaders' parameter. ",
    "date": "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
}


# observed in siblings: what is missing is named, in this order, and the header repeated; what is there is not named.
@pytest.mark.parametrize(
    "missing",
    [
        frozenset(name for name, out in zip(SENTENCES, choice, strict=True) if out)
        for choice in product([False, True], repeat=len(SENTENCES))
        if any(choice)
    ],
    ids=lambda missing: "+".join(sorted(missing)),
)
def test_the_missing_parts_are_named(untouched, missing):
    one = signed(untouched)
    parts = one.header(b"authorization").decode().removeprefix(ALGORITHM + " ").split(", ")
    kept = ", ".join(part for part in parts if part.partition("=")[0] not in missing)
    header = f"{ALGORITHM} {kept}".strip()
    one = one.with_header(b"authorization", header.encode())
    if "date" in missing:
        one = one.with_header(b"x-amz-date", None)
    expected = "".join(text for name, text in SENTENCES.items() if name in missing) + f"Authorization={header}"
    assert refusal(untouched, one) == (INCOMPLETE, expected)


def without_authorization(one):
    return one.with_header(b"authorization", None)


def authorization(value):
    return lambda one: one.with_header(b"authorization", value)


# observed in siblings: the older sentences, which repeat what was sent.
@pytest.mark.parametrize(
    "change, expected",
    [
        pytest.param(without_authorization, NO_CREDENTIALS, id="none"),
        pytest.param(
            authorization(b"X"),
            (INCOMPLETE, "".join(list(SENTENCES.values())[:3]) + "Authorization=X"),
            id="one word",
        ),
        pytest.param(
            authorization(b"Bearer tok"),
            (
                INCOMPLETE,
                "'tok' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer tok'.",
            ),
            id="bearer",
        ),
        pytest.param(
            lambda one: edited(one, b"AWS4-HMAC-SHA256", b"AWS4-HMAC-SHA1"),
            (INCOMPLETE, "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1' (only AWS4-HMAC-SHA256 for now)."),
            id="sha1",
        ),
        pytest.param(
            lambda one: edited(one, b"AWS4-HMAC-SHA256", b"AWS4-ECDSA-P256-SHA256"),
            (INCOMPLETE, "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256' (only AWS4-HMAC-SHA256 for now)."),
            id="ecdsa",
        ),
        *(
            pytest.param(
                lambda one, date=date: one.with_header(b"x-amz-date", date.encode()),
                (
                    INCOMPLETE,
                    f"Date must be in ISO-8601 'basic format'. Got '{date}'. "
                    "See http://en.wikipedia.org/wiki/ISO_8601",
                ),
                id=f"date {date}",
            )
            for date in ("2026-11-22T01:30:59Z", "20261322T013059Z", "20261122T013059", "yesterday", "20261122T256059Z")
        ),
    ],
)
def test_what_cannot_be_understood_is_refused(untouched, change, expected):
    assert refusal(untouched, change(signed(untouched))) == expected


# observed: five elements; the credential is repeated, and there is no full stop.
@pytest.mark.parametrize(
    "credential", ["222222222222", "a/b/c/d", "222222222222/20261122/us-east-1/sso/aws4_request/more", "/////"]
)
def test_a_credential_of_another_form_is_refused(untouched, credential):
    one = signed(untouched)
    header = re.sub(rb"Credential=[^,]+", b"Credential=" + credential.encode(), one.header(b"authorization"))
    expected = (
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
        f"got '{credential}'"
    )
    assert refusal(untouched, one.with_header(b"authorization", header)) == (INCOMPLETE, expected)


# observed: a Host that nobody signed would let a request be sent elsewhere.
@pytest.mark.parametrize("listed", [False, True], ids=["left out when signing", "taken from the list"])
def test_the_host_must_be_signed(untouched, listed):
    one = edited(signed(untouched), b"host;", b"") if listed else signed(untouched, unsigned=["host"])
    expected = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
    assert refusal(untouched, one) == (INVALID, expected)


# inferred: X-Amz headers that are there must be signed, and so must the date; the sentence is not known.
@pytest.mark.parametrize("name", ["x-amz-target", "x-amz-date", "x-amz-security-token", "x-amz-meta-more", "date"])
def test_a_header_that_matters_must_be_signed(untouched, name):
    how = {}
    if name == "x-amz-security-token":
        how = of(temporary(untouched))
    elif name in ("x-amz-meta-more", "date"):
        how = {"headers": [(name, "x")]}
    one = signed(untouched, unsigned=[name], **how)
    assert one.header(name.encode()) and name.encode() + b";" not in one.header(b"authorization")
    assert refusal(untouched, one)[0] in (INVALID, INCOMPLETE)


def test_a_header_that_is_listed_must_be_there(untouched):
    one = signed(untouched, headers=[("X-Foo", "a")])
    assert refusal(untouched, one.with_header(b"x-foo", None)) == (INVALID, WRONG_SIGNATURE)


REGION = "Credential should be scoped to a valid region, not '{}'."
SERVICE = "Credential should be scoped to correct service: 'sso'."
TERMINATOR = "Credential should be scoped with a valid terminator: 'aws4_request', not '{}'."


# observed in siblings: what is wrong in the scope, signed rightly all the same.
@pytest.mark.parametrize("region", ["xx-nowhere-1", "us-east", "nowhere", "US-EAST-1", "us-east-1-"])
def test_an_unknown_region_is_refused(untouched, region):
    assert refusal(untouched, signed(untouched, region=region)) == (INVALID, REGION.format(region))


@pytest.mark.parametrize("service", ["sts", "sso-admin", "identitystore", "SSO"])
def test_another_service_is_refused(untouched, service):
    assert refusal(untouched, signed(untouched, service=service)) == (INVALID, SERVICE)


def test_another_terminator_is_refused(untouched):
    one = edited(signed(untouched), b"aws4_request", b"aws5_request")
    assert refusal(untouched, one) == (INVALID, TERMINATOR.format("aws5_request"))


@pytest.mark.parametrize("scope", ["20200101", "00000000", "today"])
def test_a_scope_of_another_day_is_refused(untouched, scope):
    one = signed(untouched)
    date = one.header(b"x-amz-date").decode()
    one = edited(one, f"/{date[:8]}/".encode(), f"/{scope}/".encode())
    expected = (
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        f"'{scope}' != '{date[:8]}', from '{date}'."
    )
    assert refusal(untouched, one) == (INVALID, expected)


# observed in siblings: all that is wrong in the scope is told at once, in this order; the spaces between are not sure.
def test_all_faults_of_a_scope_are_told(untouched):
    one = edited(signed(untouched, region="xx-nowhere-1", service="sts"), b"aws4_request", b"aws5_request")
    kind, told = refusal(untouched, one)
    expected = " ".join([REGION.format("xx-nowhere-1"), SERVICE, TERMINATOR.format("aws5_request")])
    assert (kind, told.split()) == (INVALID, expected.split())


# observed: the query is one way to sign, the header the other.
def test_two_ways_at_once_are_refused(untouched):
    expected = "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
    assert refusal(untouched, signed(untouched, target=f"/?X-Amz-Algorithm={ALGORITHM}")) == (INVALID, expected)


# inferred: a signature in the query is verified or not understood; a forged one never gets in.
def test_a_forged_signature_in_the_query_is_refused(untouched):
    request = AWSRequest("POST", untouched.url + "/", data=b"")
    request.headers["Content-Type"] = "application/x-amz-json-1.1"
    request.headers["X-Amz-Target"] = "SWBExternalService.CreateInstance"
    SigV4QueryAuth(Credentials(AWS_MEMBER, "wrong"), "sso", "us-east-1").add_auth(request)
    assert refusal(untouched, message(untouched, request)) in [NO_CREDENTIALS, (INVALID, WRONG_SIGNATURE)]


# In which order


def broken(**how):
    return lambda server: signed(server, **how)


# inferred: route, authentication, reading, validation, authorization, business; observed in siblings: the inner order.
@pytest.mark.parametrize(
    "make, kind",
    [
        pytest.param(broken(operation="DoNothing", secret="wrong"), "UnknownOperationException", id="route, secret"),
        pytest.param(broken(operation="DoNothing"), "UnknownOperationException", id="route"),
        pytest.param(
            lambda server: without_authorization(signed(server, operation="DoNothing")),
            "UnknownOperationException",
            id="route, nothing signed",
        ),
        pytest.param(broken(body=b"{", secret="wrong"), INVALID, id="secret, json"),
        pytest.param(broken(body=b"{"), "SerializationException", id="json"),
        pytest.param(
            broken(body=b'{"Name":"a b"}', account=NEVER_ISSUED), "UnrecognizedClientException", id="key, name"
        ),
        pytest.param(broken(body=b'{"Name":"a b"}'), "ValidationException", id="name"),
        pytest.param(broken(account=AWS_MANAGEMENT, secret="wrong"), INVALID, id="secret, account"),
        pytest.param(broken(account=AWS_MANAGEMENT), "ValidationException", id="account"),
        pytest.param(broken(region="xx-nowhere-1", account=NEVER_ISSUED), INVALID, id="scope, key"),
        pytest.param(broken(shift=-3600, account=NEVER_ISSUED), INVALID, id="clock, key"),
    ],
)
def test_the_first_fault_is_told(untouched, make, kind):
    assert refusal(untouched, make(untouched))[0] == kind


# observed: the key is looked up before anything is computed with its secret.
def test_an_unknown_key_is_told_before_its_signature(untouched):
    one = signed(untouched, account=NEVER_ISSUED, secret="wrong")
    assert refusal(untouched, one) == ("UnrecognizedClientException", INVALID_TOKEN)


# A signature is good for its moment only, not once: doc, SDKs send the same request again.
def test_a_request_may_be_sent_again(strict):
    one = signed(strict, body=b'{"ClientToken":"t-1"}')
    assert len({accepted(strict, one)["InstanceArn"] for _ in range(3)}) == 1
