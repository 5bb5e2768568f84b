"""Access control attributes: enabled, told, replaced, disabled; and what is one, from both sides of each limit."""

import pytest

from clients import HUAWEI_DELEGATED
from story_aws import either, mode  # noqa: F401
from story_huawei import ABSENT, ATTRIBUTES, CONFLICT, INVALID, Cloud, attributes, neighbour, outcome, refusal, told
from story_huawei import the_instance
from test_huawei import UNKNOWN

NAME = "InstanceAccessControlAttributeConfiguration"
MEMBER = "instance_access_control_attribute_configuration"

# doc, the user guide: where values come from: the identity store, or an external identity provider.
SOURCES = [
    *(f"${{user:{name}}}" for name in ("email", "familyName", "givenName", "middleName", "name", "displayName")),
    # observed: Terraform's acceptance test.
    "${user:preferredUsername}",
    *(f"${{path:{name}}}" for name in ("userName", "displayName", "nickName", "userType", "title", "locale")),
    *("${path:timezone}", "${path:name.familyName}", "${path:name.givenName}"),
    *('${path:phoneNumbers[type eq "work"].value}', "${path:emails[primary eq true].value}"),
    *(
        f'${{path:addresses[type eq "work"].{part}}}'
        for part in ("streetAddress", "locality", "region", "postalCode", "country", "formatted")
    ),
    *(
        f"${{path:enterprise.{part}}}"
        for part in ("employeeNumber", "costCenter", "organization", "division", "department", "manager.value")
    ),
]


class Attributes:
    """The four operations on the attributes of an instance."""

    def __init__(self, cloud, instance="ins-1111111111111111"):
        self.cloud = cloud.at(instance)

    def call(self, verb, configuration=None, **given):
        """The outcome of a verb, with a configuration where it takes one."""
        if configuration is not None:
            given[MEMBER] = configuration
        return outcome(getattr(self.cloud, verb + NAME), **given)

    def read(self):
        """The attributes that are told, None when they are not enabled, or the code of the refusal."""
        answer = self.call("Describe")
        if isinstance(answer, str):
            return answer
        assert list(answer) == [MEMBER, "status", "status_reason"]
        # observed: of what is not enabled, no status. inferred: the nulls.
        if answer["status"] is None:
            assert (answer[MEMBER], answer["status_reason"]) == (None, None)
            return None
        # doc: what goes with them when they are enabled.
        assert (answer["status"], answer["status_reason"]) == ("ENABLED", None)
        return answer[MEMBER]


@pytest.fixture
def here(either):  # noqa: F811
    return Attributes(Cloud(either))


def test_attributes_from_none_to_none(either, here):  # noqa: F811
    delegate, before = Attributes(Cloud(either, HUAWEI_DELEGATED)), told(here.cloud)
    # inferred: 404 of a change of what is not enabled; 409 of what is.
    for verb, given in (("Update", ATTRIBUTES), ("Delete", None)):
        assert here.call(verb, given) == ABSENT, verb
    assert told(here.cloud) == before

    assert here.call("Create", ATTRIBUTES) is None
    assert here.read() == delegate.read() == ATTRIBUTES
    for given in (ATTRIBUTES, attributes(), attributes(other="${user:name}")):
        assert here.call("Create", given) == delegate.call("Create", given) == CONFLICT
    assert here.read() == ATTRIBUTES

    # doc: an update is of the whole list.
    for given in (attributes(name="${user:name}"), attributes(), ATTRIBUTES, ATTRIBUTES, attributes(nickName="x")):
        for one in (delegate, here):
            assert one.call("Update", given) is None
            assert here.read() == delegate.read() == given

    assert delegate.call("Delete") is None
    assert told(here.cloud) == before
    for verb, given in (("Update", ATTRIBUTES), ("Delete", None)):
        assert here.call(verb, given) == ABSENT, verb
    # It begins anew, with nothing of what was.
    assert here.call("Create", attributes()) is None
    assert here.read() == attributes()


def test_attributes_of_two_organizations(either, here):  # noqa: F811
    other = neighbour(either)
    there = Attributes(other, the_instance(other)["instance_id"])
    assert here.call("Create", ATTRIBUTES) is None
    assert there.read() is None
    assert there.call("Create", attributes(name="${user:name}")) is None
    assert here.call("Delete") is None
    assert (here.read(), there.read()) == (None, attributes(name="${user:name}"))


def test_attributes_end_with_the_instance(either, here):  # noqa: F811
    assert here.call("Create", ATTRIBUTES) is None
    here.cloud.DeleteIdentityCenter()
    assert here.read() == ABSENT
    here.cloud.StartIdentityCenter()
    again = Attributes(here.cloud, the_instance(here.cloud)["instance_id"])
    assert (again.read(), here.read()) == (None, ABSENT)


# Limits


def some(count, source="${user:email}"):
    """So many attributes."""
    return attributes(**{f"key-{number}": source for number in range(count)})


def keyed(*keys):
    return attributes(**dict.fromkeys(keys, "${user:email}"))


def of(value, key="email"):
    """One attribute, whose value is whatever this is."""
    return {"access_control_attributes": [{"key": key, "value": value}]}


# model: the pattern of a key: letters, digits, separators and signs; a separator is at neither end, and `_sys_` not in
# front.
KEYS = ("a", "7", "_", "a b", "a  b", "é", "名前", "a.b:c=d+e-f@g_h", "-", "@", "_sys", "_SYS_a", "a_sys_b", "sys_a")
NO_KEYS = ("", " ", " a", "a ", "_sys_", "_sys_a", "a/b", "a*", "a,b", "${a}", "a\n", "\ta", "a\tb", "a\u200bb", "☃")

FITTING = {
    "none at all": attributes(),
    "20": some(20),
    **{f"the key {key!r}": keyed(key) for key in KEYS},
    "a key of 128": keyed("k" * 128),
    "a key of 128 that are no ASCII": keyed("名" * 128),
    "a source of 255": attributes(email="s" * 255),
    "a source of 255 that are no ASCII": attributes(email="名" * 255),
    "a source without a character": attributes(email=""),
    "keys that differ in case": keyed("email", "Email", "EMAIL"),
    "an order of their own": keyed("b", "a", "c", "B"),
    "known sources": attributes(**{f"k{at}": source for at, source in enumerate(SOURCES[:20])}),
    "more known sources": attributes(**{f"k{at}": source for at, source in enumerate(SOURCES[20:])}),
    "one source for two": attributes(a="${user:name}", b="${user:name}"),
}


@pytest.mark.parametrize("given", FITTING.values(), ids=FITTING)
def test_what_fits_is_told_as_it_was_given(here, given):
    assert here.call("Create", given) is None
    assert here.read() == given
    assert here.call("Update", attributes()) is None
    assert here.call("Update", given) is None
    assert here.read() == given


UNFIT = {
    "21": some(21),
    **{f"the key {key!r}": keyed(key) for key in NO_KEYS},
    "a key of 129": keyed("k" * 129),
    "a key of 129 that are no ASCII": keyed("名" * 129),
    "a source of 256": attributes(email="s" * 256),
    # doc: exactly one.
    "no source": of({"source": []}),
    "two sources": of({"source": ["${user:email}", "${user:name}"]}),
    "the same source twice": of({"source": ["${user:email}"] * 2}),
    # inferred: a key is there once.
    "a key twice": {"access_control_attributes": 2 * keyed("a")["access_control_attributes"]},
    "a key twice among others": {"access_control_attributes": keyed("a", "b", "c")["access_control_attributes"] * 2},
    # Not what the model has.
    "no list": {},
    "a list that is null": {"access_control_attributes": None},
    "a list that is a text": {"access_control_attributes": "email"},
    "a list that is an object": {"access_control_attributes": {"email": "${user:email}"}},
    "an attribute that is a text": {"access_control_attributes": ["email"]},
    "an attribute that is null": {"access_control_attributes": [None]},
    "an attribute without a key": {"access_control_attributes": [{"value": {"source": ["x"]}}]},
    "an attribute without a value": {"access_control_attributes": [{"key": "email"}]},
    **{f"the value {value!r}": of(value) for value in (None, "x", [], ["x"], {}, {"sources": ["x"]})},
    **{f"the source {source!r}": of({"source": source}) for source in (None, "x", [None], [1], [["x"]], {"a": "x"})},
    **{f"the key {key!r} of another type": of({"source": ["x"]}, key) for key in (None, 1, True, ["a"])},
    "one that fits beside one that does not": keyed("email", "_sys_a"),
    "a configuration that is a list": [],
    "a configuration that is a text": "email",
}


@pytest.mark.parametrize("given", UNFIT.values(), ids=UNFIT)
def test_what_does_not_fit_changes_nothing(here, given):
    # Form comes before state: whether there is a configuration, and whether there is an instance, is not told.
    for verb in ("Create", "Update"):
        for id in ("ins-1111111111111111", UNKNOWN):
            refused = refusal(getattr(here.cloud.at(id), verb + NAME), **{MEMBER: given})
            assert f"{refused.status} {refused.code}" == INVALID
            assert refused.message.startswith("Bad Request: ") and refused.message.endswith(".")
    assert here.read() is None
    assert here.call("Create", ATTRIBUTES) is None
    for verb in ("Create", "Update"):
        assert here.call(verb, given) == INVALID
    assert here.read() == ATTRIBUTES


@pytest.mark.parametrize("body", [{}, {MEMBER: None}, [], "", "{", {"access_control_attributes": []}], ids=repr)
def test_a_body_that_is_none(here, body):
    assert here.call("Create", body=body) == here.call("Update", body=body) == INVALID
    assert here.read() is None


# inferred: members that are not documented are passed over, and not told.
def test_unknown_members_are_passed_over(here):
    more = {"colour": [None, {"shade": 1}]}
    given = {"key": "email", "value": {"source": ["${user:email}"]} | more} | more
    assert here.call("Create", body={MEMBER: {"access_control_attributes": [given]} | more} | more) is None
    assert here.read() == attributes(email="${user:email}")
