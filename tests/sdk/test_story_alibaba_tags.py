"""Tags of users: given with a new one, and by the operations that only Terraform calls."""

import pytest

from story_alibaba import (
    ALICE,
    BOB,
    PEOPLE,
    UNKNOWN_DIRECTORY,
    UNKNOWN_USER,
    Cloud,
    begin,  # noqa: F401
    estate,
    every_call,
    invalid,
    mode,  # noqa: F401
    pairs,
    people,  # noqa: F401
    refused,
    servers,  # noqa: F401
    tags,
    told,
    users,
)

FIRST = PEOPLE[0]["tags"]
TWENTY = {f"key-{number}": str(number) for number in range(20)}
MANY = [{"id": f"u-{number:020}", "name": f"user-{number}"} for number in range(100, 148)]


def tag(there, given, *resources, **more):
    given = {"ResourceType": "user", "ResourceId": list(resources or [ALICE]), "Tag": pairs(given)} | more
    return there.TagResources(**given)


def untag(there, keys, *resources, **more):
    given = {"ResourceType": "user", "ResourceId": list(resources or [ALICE]), "TagKey": list(keys)} | more
    return there.UntagResources(**given)


# observed, in the provider's own test: the value of a key that is there becomes another one.
@every_call
def test_tags_are_put_on_and_taken_off(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    expected = dict(FIRST)
    for given, keys in (
        ({"stage": "test"}, []),
        ({"team": "network", "stage": ""}, []),
        ({"ключ": "значение & more = +", "Team": "other"}, ["floor"]),
        # inferred: a key that is not there is passed over.
        ({"team": "network"}, ["nothing", "stage", "ключ"]),
        ({"again": "1"}, ["again", "again"]),
        # inferred: keys are compared as they are.
        ({"case": "1"}, ["CASE", "TEAM"]),
        ({"last": "1"}, ["team", "Team", "case", "last"]),
    ):
        assert tag(there, given) == {}
        expected |= given
        assert tags(there, ALICE) == expected
        if keys:
            assert untag(there, keys) == {}
            expected = {key: value for key, value in expected.items() if key not in keys}
            assert tags(there, ALICE) == expected
        for listed in users(there):
            shown = {one["Key"]: one["Value"] for one in listed["Tags"]}
            assert shown == (expected if listed["UserId"] == ALICE else {})
    assert expected == {}


@every_call
def test_several_users_at_once(begin, call):  # noqa: F811
    server = begin(estate(*PEOPLE, *MANY))
    there = Cloud(server, call=call).at()
    more = [user["id"] for user in MANY]
    everybody = [ALICE, BOB, *more]
    # inferred, from sibling services: fifty at most.
    assert len(everybody) == 50
    tag(there, {"floor": "4", "by": "us"}, *everybody)
    assert [user["UserId"] for user in users(there, Tags=pairs({"floor": "4", "by": "us"}))] == everybody
    assert tags(there, ALICE) == FIRST | {"floor": "4", "by": "us"}
    untag(there, ["floor"], BOB, more[0])
    found = users(there, Tags=[{"Key": "floor"}], MaxResults=100)
    assert [user["UserId"] for user in found] == [ALICE, *more[1:]]
    one_more = there.CreateUser(UserName="one-more")["User"]["UserId"]
    before = users(there, MaxResults=100)
    refused(there.TagResources, *invalid("ResourceId"), **given_of("Tag", *everybody, one_more))
    refused(there.UntagResources, *invalid("ResourceId"), **given_of("TagKey", *everybody, one_more))
    assert users(there, MaxResults=100) == before


def given_of(name, *resources):
    value = {"Tag": pairs({"a": "b"}), "TagKey": ["team"]}[name]
    return {"ResourceType": "user", "ResourceId": list(resources), name: value}


# inferred: all of them or none, and the code.
@every_call
def test_where_one_user_is_unknown_none_is_tagged(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    before = told(people)
    for resources in ([ALICE, UNKNOWN_USER], [UNKNOWN_USER, ALICE], [ALICE, BOB, UNKNOWN_USER], ["alice"]):
        refused(there.TagResources, "EntityNotExists.User", **given_of("Tag", *resources))
        refused(there.UntagResources, "EntityNotExists.User", **given_of("TagKey", *resources))
    assert told(people) == before


# inferred, from sibling services: all limits.
FITTING = {
    "long": {"k" * 128: "v" * 128},
    "long, of other letters": {"é" * 128: "李" * 128},
    "empty": {"a": ""},
    "in the middle": {"xacs:a": "acs:a", "my-aliyun": "aliyun"},
    "twenty": {f"more-{number}": "" for number in range(18)},
}
MISFIT = {
    "a long key": [{"Key": "k" * 129, "Value": ""}],
    "a long value": [{"Key": "a", "Value": "v" * 129}],
    "an empty key": [{"Key": "", "Value": "a"}],
    "no key": [{"Value": "a"}],
    "acs:": [{"Key": "acs:a", "Value": ""}],
    "aliyun": [{"Key": "aliyun", "Value": ""}],
    "http:// in a key": [{"Key": "a http://b", "Value": ""}],
    "https:// in a value": [{"Key": "a", "Value": "see https://b"}],
    "a key twice": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}, {"Key": "a", "Value": "2"}],
    "a second one": [{"Key": "a", "Value": "1"}, {"Key": "acs:b", "Value": "1"}],
    "twenty-one": pairs(TWENTY | {"one-more": ""}),
}


@every_call
@pytest.mark.parametrize("given", FITTING.values(), ids=FITTING)
def test_tags_that_may_be(people, call, given):  # noqa: F811
    there = Cloud(people, call=call).at()
    assert tag(there, given) == {}
    assert tags(there, ALICE) == FIRST | given
    carol = there.CreateUser(UserName="carol", Tags=pairs(given))["User"]
    assert {one["Key"]: one["Value"] for one in carol["Tags"]} == tags(there, carol["UserId"]) == given


@every_call
@pytest.mark.parametrize("given", MISFIT.values(), ids=MISFIT)
def test_tags_that_may_not_be(people, call, given):  # noqa: F811
    there = Cloud(people, call=call).at()
    before = told(people)
    refused(there.TagResources, *invalid("Tag"), ResourceType="user", ResourceId=[ALICE], Tag=given)
    refused(there.CreateUser, *invalid("Tags"), UserName="carol", Tags=given)
    assert told(people) == before


# inferred, from a sibling service: a user has twenty tags at most.
@every_call
def test_the_twentieth_tag_is_the_last_one(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    tag(there, TWENTY, BOB)
    before = told(people)
    refused(there.TagResources, "LimitExceeded.Tag", **given_of("Tag", BOB))
    refused(there.TagResources, "LimitExceeded.Tag", **given_of("Tag", ALICE, BOB))
    assert told(people) == before
    # Another value is not another tag, and one that goes leaves room.
    tag(there, {"key-0": "other"}, BOB)
    untag(there, ["key-1"], BOB)
    tag(there, {"a": "b"}, BOB)
    assert len(tags(there, BOB)) == 20 and tags(there, BOB)["key-0"] == "other"


NOT_CALLED = {
    "another type": ({"ResourceType": "group"}, invalid("ResourceType")),
    "a type in capitals": ({"ResourceType": "User"}, invalid("ResourceType")),
    "no type": ({"ResourceType": ""}, ["MissingResourceType"]),
    "nobody": ({"ResourceId": []}, ["MissingResourceId"]),
    "no tag": ({"Tag": [], "TagKey": []}, ["MissingTag", "MissingTagKey"]),
    "no directory": ({"DirectoryId": ""}, ["MissingDirectoryId"]),
    "another directory": ({"DirectoryId": UNKNOWN_DIRECTORY}, ["EntityNotExists.Directory"]),
}


@every_call
@pytest.mark.parametrize("change, codes", NOT_CALLED.values(), ids=NOT_CALLED)
def test_how_it_is_not_called(people, call, change, codes):  # noqa: F811
    there = Cloud(people, call=call).at()
    before = told(people)
    for action, name in (("TagResources", "Tag"), ("UntagResources", "TagKey")):
        given = given_of(name, ALICE)
        given |= {key: value for key, value in change.items() if key in given or key == "DirectoryId"}
        refused(getattr(there, action), *codes, **given)
    assert told(people) == before


# Twenty-one keys to be taken off are too many, twenty are not.
@every_call
def test_twenty_keys_are_taken_off_at_once(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    tag(there, TWENTY, BOB)
    refused(
        there.UntagResources,
        *invalid("TagKey"),
        ResourceType="user",
        ResourceId=[BOB],
        TagKey=[*TWENTY, "one-more"],
    )
    assert tags(there, BOB) == TWENTY
    untag(there, TWENTY, BOB)
    assert tags(there, BOB) == {}
