"""Lists of a directory's users: in pages, and of those that are asked for."""

import pytest

from clients import ALIBABA_DELEGATED
from story_alibaba import (
    CALLS,
    CORE,
    FORM,
    Cloud,
    begin,  # noqa: F401
    estate,
    every_call,
    invalid,
    mode,  # noqa: F401
    refused,
    servers,  # noqa: F401
    users,
)

# A user a line: name, status, whether it came by SCIM, tags.
CROWD = """
    alice     enabled  manual       team=identity,floor=3
    Alicia    disabled manual       team=identity
    al        enabled  synchronized team=network,floor=3
    a_b       enabled  manual       -
    axb       disabled synchronized floor=4
    bob       enabled  manual       team=Identity
    BOBBY     enabled  manual       Team=identity
    b.o-b@c_d enabled  synchronized team=identity,floor=
"""


def one(number, name, status, origin, tags):
    user = {"id": f"u-{number:020}", "name": name, "status": status}
    if origin == "synchronized":
        user["external_id"] = {"issuer": "SCIM", "id": name}
    if tags != "-":
        user["tags"] = dict(tag.split("=") for tag in tags.split(","))
    return user


PEOPLE = tuple(one(number, *line.split()) for number, line in enumerate(CROWD.strip().splitlines()))
NAMES = [user["name"] for user in PEOPLE]
MANY = tuple({"id": f"u-{number:020}", "name": f"user-{number}"} for number in range(101))


@pytest.fixture
def crowd(begin):  # noqa: F811
    """The users of the table."""
    return Cloud(begin(estate(*PEOPLE))).at()


def names(there, **asked):
    return [user["UserName"] for user in users(there, **asked)]


# Pages


# doc: a page has 1 to 100 users. inferred: the order is the one in which they came.
def test_every_size_of_a_page_shows_each_user_once(begin):  # noqa: F811
    there = Cloud(begin(estate(*MANY))).at()
    expected = users(there, MaxResults=100)
    assert [user["UserName"] for user in expected] == [user["name"] for user in MANY]
    assert users(there) == expected
    for size in range(1, 101):
        assert users(there, MaxResults=size) == expected, size


@every_call
def test_pages_by_every_client(crowd, call):
    there = crowd.by(call)
    expected = users(crowd)
    for size in (1, 2, 3, 4, 7, 8, 9, 10, 100):
        assert users(there, MaxResults=size) == expected
    # A last page that is full is the last one all the same.
    page = there.ListUsers(MaxResults=len(NAMES))
    assert (page["IsTruncated"], page["TotalCounts"], len(page["Users"])) == (False, len(NAMES), len(NAMES))
    assert page.keys() == {"Users", "TotalCounts", "MaxResults", "IsTruncated"}


# inferred: that they are refused, and not cut to what fits.
@every_call
def test_sizes_that_may_not_be(crowd, call):
    for size in (0, -1, 101, 1000):
        refused(crowd.by(call).ListUsers, *invalid("MaxResults"), MaxResults=size)
    for size in ("abc", "1.5", "10a"):
        # doc: the gateway's.
        refused(crowd.by(call).ListUsers, "InvalidMaxResults", MaxResults=size)
    # inferred: what is empty is as if it were absent.
    assert crowd.by(call).ListUsers(MaxResults="", NextToken="", Filter="", Status="")["MaxResults"] == 10


# Users that come and go between two pages do not make others come twice, or not at all.
@every_call
def test_pages_of_a_list_that_changes(crowd, call):
    there = crowd.by(call)
    seen, token, stay = [], {}, [name for name in NAMES if name not in ("alice", "a_b", "BOBBY")]
    for number in range(len(NAMES)):
        page = there.ListUsers(MaxResults=1, **token)
        seen += [user["UserName"] for user in page["Users"]]
        if not page["IsTruncated"]:
            break
        token = {"NextToken": page["NextToken"]}
        # One that was seen, one at which the page ends, and one that was not seen yet.
        for name in {0: ["alice"], 2: ["a_b"], 3: ["BOBBY"]}.get(number, []):
            there.DeleteUser(UserId=f"u-{NAMES.index(name):020}")
        if number < 2:
            there.CreateUser(UserName=f"new-{number}")
    more = [user["UserName"] for user in users(there)][len(stay) :]
    assert more == ["new-0", "new-1"] and len(seen) == len(set(seen))
    assert set(stay) <= set(seen) and "BOBBY" not in seen


# Tokens


def paged(there, **asked):
    page = there.ListUsers(MaxResults=2, **asked)
    assert page["IsTruncated"]
    return page["NextToken"]


# inferred: that a token is of one list, and the code.
@every_call
def test_a_token_is_of_one_list(crowd, call):
    there = crowd.by(call)
    lists = (
        {},
        {"Filter": "UserName sw a"},
        {"Filter": "UserName sw b"},
        {"Status": "Enabled"},
        {"ProvisionType": "Manual"},
        {"ProvisionType": "Synchronized"},
        {"Tags": [{"Key": "team"}]},
        {"Tags": [{"Key": "team", "Value": "identity"}]},
        {"Tags": [{"Key": "floor"}]},
    )
    tokens = [paged(there, **asked) for asked in lists]
    for token, of in zip(tokens, lists, strict=True):
        for asked in lists:
            given = asked | {"NextToken": token, "MaxResults": 2}
            if asked == of:
                assert there.ListUsers(**given)["Users"]
            else:
                refused(there.ListUsers, *invalid("NextToken"), **given)
    # By whichever client it goes on.
    first = users(there, MaxResults=2)
    for other in map(there.by, CALLS):
        assert other.ListUsers(MaxResults=2, NextToken=tokens[0])["Users"] == first[2:4]


@every_call
def test_a_token_that_is_none(crowd, call):
    there = crowd.by(call)
    token = paged(there)
    flipped = [token[:at] + ("1" if token[at] != "1" else "2") + token[at + 1 :] for at in range(0, len(token), 7)]
    for wrong in (*flipped, token[:-1], token + "0", token * 2, token[1:], "0", "abc", "é", " ", "2"):
        refused(there.ListUsers, *invalid("NextToken"), MaxResults=2, NextToken=wrong)
    assert there.ListUsers(MaxResults=2, NextToken=token)["Users"]


# What is asked for

ASKED = {
    "all": ({}, NAMES),
    # doc: eq and sw of UserName, in whatever case.
    "a name": ({"Filter": "UserName eq alice"}, ["alice"]),
    "a name in another case": ({"Filter": "UserName eq ALICE"}, ["alice"]),
    "a name of capitals": ({"Filter": "UserName eq bobby"}, ["BOBBY"]),
    "an operator in another case": ({"Filter": "UserName EQ alice"}, ["alice"]),
    "all in another case": ({"Filter": "username Eq aLiCe"}, ["alice"]),
    "a beginning": ({"Filter": "UserName sw al"}, ["alice", "Alicia", "al"]),
    "a beginning in another case": ({"Filter": "USERNAME SW AL"}, ["alice", "Alicia", "al"]),
    "a whole name as a beginning": ({"Filter": "UserName sw alice"}, ["alice"]),
    "not the beginning of another": ({"Filter": "UserName eq al"}, ["al"]),
    "nobody": ({"Filter": "UserName eq nobody"}, []),
    "nobody begins so": ({"Filter": "UserName sw lice"}, []),
    "no wildcard": ({"Filter": "UserName sw a_"}, ["a_b"]),
    "no wildcard either": ({"Filter": "UserName eq a_b"}, ["a_b"]),
    "all kinds of signs": ({"Filter": "UserName eq b.o-b@c_d"}, ["b.o-b@c_d"]),
    "who may log on": ({"Status": "Enabled"}, ["alice", "al", "a_b", "bob", "BOBBY", "b.o-b@c_d"]),
    "who may not": ({"Status": "Disabled"}, ["Alicia", "axb"]),
    "by hand": ({"ProvisionType": "Manual"}, ["alice", "Alicia", "a_b", "bob", "BOBBY"]),
    "by SCIM": ({"ProvisionType": "Synchronized"}, ["al", "axb", "b.o-b@c_d"]),
    # inferred: a key alone is of any value; tags are compared as they are; all must be there.
    "a tag": ({"Tags": [{"Key": "team", "Value": "identity"}]}, ["alice", "Alicia", "b.o-b@c_d"]),
    "a key": ({"Tags": [{"Key": "floor"}]}, ["alice", "al", "axb", "b.o-b@c_d"]),
    "two tags": ({"Tags": [{"Key": "team", "Value": "identity"}, {"Key": "floor", "Value": "3"}]}, ["alice"]),
    "a tag and a key": ({"Tags": [{"Key": "team", "Value": "network"}, {"Key": "floor"}]}, ["al"]),
    "no such tag": ({"Tags": [{"Key": "team", "Value": "3"}]}, []),
    "no such key": ({"Tags": [{"Key": "identity"}]}, []),
    # inferred: of several conditions all must hold.
    "name and status": ({"Filter": "UserName sw al", "Status": "Enabled"}, ["alice", "al"]),
    "name, status and origin": (
        {"Filter": "UserName sw a", "Status": "Enabled", "ProvisionType": "Manual"},
        ["alice", "a_b"],
    ),
    "all of it": (
        {
            "Filter": "UserName sw a",
            "Status": "Enabled",
            "ProvisionType": "Synchronized",
            "Tags": [{"Key": "floor", "Value": "3"}],
        },
        ["al"],
    ),
}


@every_call
@pytest.mark.parametrize("asked, expected", ASKED.values(), ids=ASKED)
def test_who_is_asked_for(crowd, call, asked, expected):
    there = crowd.by(call)
    assert names(there, **asked) == expected
    # And in pages that hold but one of them.
    assert names(there, MaxResults=1, **asked) == expected


NOT_ASKED = {
    "one word": {"Filter": "alice"},
    "no value": {"Filter": "UserName eq"},
    "no value but a space": {"Filter": "UserName eq "},
    "no attribute": {"Filter": "eq alice"},
    "another attribute": {"Filter": "Email eq alice"},
    "another operator": {"Filter": "UserName co al"},
    "an operator of signs": {"Filter": "UserName = alice"},
    "quotes": {"Filter": 'UserName eq "alice"'},
    "two conditions": {"Filter": "UserName sw a and UserName sw b"},
    "one or another": {"Filter": "UserName eq alice or UserName eq bob"},
    "no spaces": {"Filter": "UserNameeqalice"},
    "status in small letters": {"Status": "enabled"},
    "another status": {"Status": "Locked"},
    "another origin": {"ProvisionType": "SCIM"},
    "origin in small letters": {"ProvisionType": "manual"},
}


@every_call
@pytest.mark.parametrize("asked", NOT_ASKED.values(), ids=NOT_ASKED)
def test_what_cannot_be_asked(crowd, call, asked):
    (name,) = asked
    refused(crowd.by(call).ListUsers, *invalid(name), **asked)


# On the wire there is a list, however empty, and no token where there is no more.
@pytest.mark.parametrize("call", [FORM, CORE], ids=lambda call: call.name)
def test_nobody_is_an_empty_list(crowd, call):
    answer = crowd.by(call).ListUsers(Filter="UserName eq nobody")
    assert answer == {"Users": [], "TotalCounts": 0, "MaxResults": 10, "IsTruncated": False}


def test_a_delegated_administrator_is_shown_the_same(crowd):
    there = Cloud(crowd.server, ALIBABA_DELEGATED).at()
    assert users(there, MaxResults=3) == users(crowd)
