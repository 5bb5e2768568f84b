"""Users of a directory: made, looked at, changed, disabled, deleted; and those that come by SCIM."""

import pytest

from story_alibaba import (
    ALICE,
    BOB,
    CALLS,
    CORE,
    FORM,
    PEOPLE,
    PHONE,
    STICK,
    TIME,
    UNKNOWN_DIRECTORY,
    UNKNOWN_USER,
    Cloud,
    begin,  # noqa: F401
    either,  # noqa: F401
    estate,
    every_call,
    invalid,
    mode,  # noqa: F401
    pairs,
    passing,
    people,  # noqa: F401
    refused,
    servers,  # noqa: F401
    tags,
    told,
    users,
)

WHOLE = {
    "UserName": "carol@acme.example",
    "FirstName": "Caröl",
    "LastName": "李",
    "DisplayName": 'Carol "C" Lee & co+',
    "Description": "First line.\nSecond line, 100 %.",
    "Email": "Carol@acme.example",
    "Status": "Disabled",
}
EMPTY = dict.fromkeys(("FirstName", "LastName", "DisplayName", "Description", "Email"), "")
NEW = {
    "NewFirstName": "Caroline",
    "NewLastName": "Li",
    "NewDisplayName": "Caroline Li",
    "NewDescription": "Changed.",
    "NewEmail": "caroline@acme.example",
}


def changed(given):
    """What members a change touches, by their names in a user."""
    return {name.removeprefix("New"): value for name, value in given.items()}


# Making


@every_call
def test_a_user_with_everything(either, call):  # noqa: F811
    there = Cloud(either, call=call).at()
    given = {"team": "identity", "empty": "", "ключ": "значение & more"}
    user = there.CreateUser(**WHOLE, Tags=pairs(given))["User"]
    assert user["UserId"].startswith("u-") and len(user["UserId"]) == 22 and TIME.fullmatch(user["CreateTime"])
    assert user == WHOLE | {
        "UserId": user["UserId"],
        "ProvisionType": "Manual",
        "CreateTime": user["CreateTime"],
        "UpdateTime": user["CreateTime"],
        "Tags": user["Tags"],
    }
    for other in map(there.by, CALLS):
        assert other.GetUser(UserId=user["UserId"]) == {"User": user}
        assert other.ListUsers()["Users"] == [user]
        assert tags(other, user["UserId"]) == given


# inferred: what was not given is an empty text, as is shown in samples of XML; what is empty is as if it were absent.
@every_call
@pytest.mark.parametrize("given", [{}, EMPTY, EMPTY | {"Status": ""}], ids=["absent", "empty", "all empty"])
def test_a_user_with_nothing_but_a_name(either, call, given):  # noqa: F811
    there = Cloud(either, call=call).at()
    first, second = (there.CreateUser(UserName=name, **given)["User"] for name in ("a", "b"))
    for user, name in ((first, "a"), (second, "b")):
        assert user.items() >= (EMPTY | {"UserName": name, "Status": "Enabled", "ProvisionType": "Manual"}).items()
        # As it is on the wire, where there are no members that only a model has.
        raw = there.by(FORM).GetUser(UserId=user["UserId"])["User"]
        assert raw == user and raw["Tags"] == [] and "ExternalId" not in raw
        assert there.by(CORE).ListUsers(Filter=f"UserName eq {name}")["Users"] == [raw]
    assert first["UserId"] != second["UserId"]


FITTING = {
    # doc: 1 to 64 letters, digits and any of @ _ . -
    "UserName": ("a", "0", "-", "A@b.c-d_9", "x" * 64),
    # doc: characters, not bytes.
    "FirstName": ("é" * 64,),
    "LastName": ("李" * 64,),
    "DisplayName": ("é" * 256,),
    "Description": ("é" * 1024,),
    # inferred: the form of an address.
    "Email": ("a@b", "x" * 120 + "@acme.io"),
}
MISFIT = {
    "UserName": ("x" * 65, "a b", "a/b", "a+b", "a:b", "é", "a\n"),
    "FirstName": ("é" * 65,),
    "LastName": ("x" * 65,),
    "DisplayName": ("é" * 257,),
    "Description": ("x" * 1025,),
    "Email": ("x" * 121 + "@acme.io",),
    "Status": ("enabled", "Active"),
}


@every_call
@pytest.mark.parametrize("name", FITTING)
def test_limits_from_within(either, call, name):  # noqa: F811
    there = Cloud(either, call=call).at()
    for value in FITTING[name]:
        user = there.CreateUser(**{"UserName": "carol", name: value})["User"]
        assert user[name] == value
        if name != "UserName":
            there.UpdateUser(UserId=user["UserId"], **{f"New{name}": ""})
            assert there.UpdateUser(UserId=user["UserId"], **{f"New{name}": value})["User"][name] == value
        assert there.GetUser(UserId=user["UserId"])["User"][name] == value
        there.DeleteUser(UserId=user["UserId"])


@every_call
@pytest.mark.parametrize("name", MISFIT)
def test_limits_from_without(people, call, name):  # noqa: F811
    there = Cloud(people, call=call).at()
    before = told(people)
    for value in MISFIT[name]:
        refused(there.CreateUser, *invalid(name), **{"UserName": "carol", name: value})
        if name == "Status":
            refused(there.UpdateUserStatus, *invalid("NewStatus"), UserId=ALICE, NewStatus=value)
        elif name != "UserName":
            refused(there.UpdateUser, *invalid(f"New{name}"), UserId=ALICE, **{f"New{name}": value})
    for given in ({}, {"UserName": ""}):
        refused(there.CreateUser, "MissingUserName", Email="carol@acme.example", **given)
    assert told(people) == before


# doc: a name is unique in its directory, and so is an address. inferred: in whatever case; the codes; that any number
# of users has no address.
@every_call
def test_names_and_addresses_are_taken_once(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    carol = there.CreateUser(UserName="Carol", Email="Carol@acme.example")["User"]["UserId"]
    there.CreateUser(UserName="dave", Email="")
    before = told(people)
    for name in ("Carol", "carol", "CAROL", "alice", "Bob"):
        refused(there.CreateUser, "EntityAlreadyExists.User", UserName=name)
    for email in ("Carol@acme.example", "carol@ACME.example", "ALICE@example.com"):
        refused(there.CreateUser, "EntityAlreadyExists.User.Email", UserName="erin", Email=email)
        if "lice" not in email.lower():
            refused(there.UpdateUser, "EntityAlreadyExists.User.Email", UserId=ALICE, NewEmail=email)
    assert told(people) == before
    # Its own address again is none that is taken.
    for email in ("carol@acme.example", "carol@acme.example", "Carol@ACME.example"):
        assert there.UpdateUser(UserId=carol, NewEmail=email)["User"]["Email"] == email
    # What was laid down is free.
    there.UpdateUser(UserId=carol, NewEmail="")
    there.UpdateUser(UserId=ALICE, NewEmail="carol@acme.example")
    there.UpdateUser(UserId=carol, NewEmail="alice@example.com")
    there.DeleteUser(UserId=carol)
    again = there.CreateUser(UserName="CAROL", Email="Alice@example.com")["User"]
    assert again["UserName"] == "CAROL" and again["UserId"] != carol


# doc: a thousand users. inferred: the code.
@every_call
def test_the_thousandth_user_is_the_last_one(begin, call):  # noqa: F811
    there = Cloud(begin(estate(*({"id": f"u-{n:020}", "name": f"user-{n}"} for n in range(999)))), call=call).at()
    last = there.CreateUser(UserName="last")["User"]["UserId"]
    refused(there.CreateUser, "LimitExceeded.User", UserName="one-more")
    assert there.GetDirectoryStatistics()["DirectoryStatistics"]["UserCount"] == 1000
    there.UpdateUser(UserId=last, NewDescription="It can be changed.")
    there.DeleteUser(UserId="u-00000000000000000500")
    assert there.CreateUser(UserName="one-more")["User"]["UserName"] == "one-more"
    refused(there.CreateUser, "LimitExceeded.User", UserName="yet-another")


# Changing


# doc: what is absent stays. inferred: what is empty is taken away, since Terraform sends so what was removed.
@every_call
def test_changing_one_thing_after_the_other(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    expected = there.GetUser(UserId=ALICE)["User"]
    steps = [{name: value} for name, value in NEW.items()] + [{}] + [{name: ""} for name in NEW] + [NEW]
    for given in (*steps, dict.fromkeys(NEW, ""), {"NewFirstName": "", "NewLastName": "Lee"}):
        shown = there.UpdateUser(UserId=ALICE, **given)["User"]
        expected |= changed(given) | {"UpdateTime": shown["UpdateTime"]}
        # sdk: neither tags nor what it is called elsewhere are in this answer.
        assert shown == {name: value for name, value in expected.items() if name != "Tags"}
        assert there.GetUser(UserId=ALICE) == {"User": expected}
    assert expected["UserName"] == "alice" and tags(there, ALICE) == PEOPLE[0]["tags"]


@every_call
def test_a_user_is_disabled_and_enabled(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    # doc: it may be absent. inferred: then nothing changes, nor where it is the present one.
    for given, expected in (
        ({}, "Enabled"),
        ({"NewStatus": "Enabled"}, "Enabled"),
        ({"NewStatus": "Disabled"}, "Disabled"),
        ({"NewStatus": ""}, "Disabled"),
        ({"NewStatus": "Disabled"}, "Disabled"),
        ({"NewStatus": "Enabled"}, "Enabled"),
    ):
        assert there.UpdateUserStatus(UserId=ALICE, **given) == {}
        assert there.GetUser(UserId=ALICE)["User"]["Status"] == expected
        assert [user["UserId"] for user in users(there, Status=expected)][:1] == [ALICE]
        assert there.GetUser(UserId=BOB)["User"]["Status"] == "Enabled"


# doc: UpdateTime is when it was changed last. inferred: what is not part of the user does not move it.
def test_what_moves_the_time_of_the_change(people):  # noqa: F811
    there = Cloud(people).at()
    one = {"UserId": ALICE}
    made, still = (there.GetUser(UserId=user)["User"] for user in (ALICE, BOB))

    def look():
        return there.GetUser(UserId=ALICE)["User"]["UpdateTime"]

    def aside():
        there.UpdateUserMFAAuthenticationSettings(UserId=BOB, UserMFAAuthenticationSettings="Disabled")
        there.UpdateUser(UserId=BOB)
        there.UpdateUserStatus(UserId=BOB)
        there.ListMFADevicesForUser(UserId=BOB)

    for change in (
        lambda: there.UpdateUser(**one, NewDescription="Changed."),
        lambda: there.UpdateUserStatus(**one, NewStatus="Disabled"),
    ):
        # So that another second has begun in between.
        times = passing(lambda change=change: (aside(), change()), look)
        assert times == sorted(times)
    aside()
    after = there.GetUser(**one)["User"]
    assert after["CreateTime"] == made["CreateTime"] < after["UpdateTime"]
    assert there.GetUser(UserId=BOB)["User"] == still


# Deleting, and what is not there


@every_call
def test_what_goes_with_a_user(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    for device in (PHONE, STICK):
        there.DeleteMFADeviceForUser(UserId=ALICE, MFADeviceId=device)
    there.UpdateUserMFAAuthenticationSettings(UserId=ALICE, UserMFAAuthenticationSettings="Disabled")
    assert there.DeleteUser(UserId=ALICE) == {}
    refused(there.DeleteUser, "EntityNotExists.User", UserId=ALICE)
    assert [user["UserId"] for user in users(there)] == [BOB]
    again = there.CreateUser(UserName="alice", Email="alice@example.com")["User"]
    assert again["UserId"] != ALICE and again.items() >= (EMPTY | {"Email": "alice@example.com"}).items()
    assert tags(there, again["UserId"]) == {}
    shown = there.GetUserMFAAuthenticationSettings(UserId=again["UserId"])
    assert shown == {"UserMFAAuthenticationSettings": "Enabled"}
    there.DeleteUser(UserId=BOB)
    refused(there.GetUserId, "EntityNotExists.User", ExternalId={"Id": "bob@example.com", "Issuer": "SCIM"})


OF_A_USER = {
    "GetUser": {},
    "UpdateUser": {"NewDescription": "Changed."},
    "UpdateUserStatus": {"NewStatus": "Disabled"},
    "DeleteUser": {},
    "ResetUserPassword": {"Password": "Yourpassword123!"},
}


@every_call
@pytest.mark.parametrize("action", OF_A_USER)
def test_what_is_not_there(people, call, action):  # noqa: F811
    cloud, given = Cloud(people, call=call), OF_A_USER[action]
    before = told(people)
    for user in (UNKNOWN_USER, "alice", ALICE.upper(), "u-1"):
        refused(getattr(cloud.at(), action), "EntityNotExists.User", UserId=user, **given)
    # inferred: the directory is looked for first.
    for user in (ALICE, UNKNOWN_USER):
        refused(getattr(cloud.at(UNKNOWN_DIRECTORY), action), "EntityNotExists.Directory", UserId=user, **given)
        refused(getattr(cloud, action), "MissingDirectoryId", UserId=user, **given)
    for user in ({}, {"UserId": ""}):
        refused(getattr(cloud.at(), action), "MissingUserId", **user, **given)
    assert told(people) == before


# Those that come by SCIM


SCIM = {"Id": "bob@example.com", "Issuer": "SCIM"}


@every_call
def test_what_a_user_is_called_elsewhere(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    assert there.GetUserId(ExternalId=SCIM) == {"UserId": BOB}
    bob = there.GetUser(UserId=BOB)["User"]
    assert (bob["ProvisionType"], bob["ExternalId"]) == ("Synchronized", SCIM)
    assert users(there, ProvisionType="Synchronized") == [bob]
    # inferred: the codes, and that case makes a difference.
    for id in ("alice@example.com", "BOB@example.com", "bob", BOB):
        refused(there.GetUserId, "EntityNotExists.User", ExternalId=SCIM | {"Id": id})
    for wrong in ({"Id": "bob@example.com"}, {"Issuer": "SCIM"}, SCIM | {"Id": ""}):
        refused(there.GetUserId, *invalid("ExternalId"), ExternalId=wrong)
    refused(there.GetUserId, *invalid("ExternalId"), "EntityNotExists.User", ExternalId=SCIM | {"Issuer": "LDAP"})
    refused(there.GetUserId, "MissingExternalId")


# doc: while they are synchronized they are changed and deleted where they come from; status and password are not.
@every_call
@pytest.mark.parametrize("scim", ["Enabled", "Disabled"])
def test_who_is_synchronized_is_changed_elsewhere(begin, call, scim):  # noqa: F811
    server = begin(estate(*PEOPLE, scim={"synchronization": scim}))
    there = Cloud(server, call=call).at()
    before = told(server)
    if scim == "Enabled":
        # inferred: the code.
        for given in (NEW, {"NewDescription": ""}):
            refused(there.UpdateUser, "OperationConflict.SCIMSynchronized", UserId=BOB, **given)
        refused(there.DeleteUser, "OperationConflict.SCIMSynchronized", UserId=BOB)
        assert told(server) == before
    there.UpdateUserStatus(UserId=BOB, NewStatus="Disabled")
    there.ResetUserPassword(UserId=BOB, Password="Yourpassword123!")
    there.UpdateUserMFAAuthenticationSettings(UserId=BOB, UserMFAAuthenticationSettings="Disabled")
    assert there.GetUser(UserId=BOB)["User"]["Status"] == "Disabled"
    # Those that were made by hand are another matter, and more of them can be made.
    carol = there.CreateUser(**WHOLE)["User"]["UserId"]
    assert there.UpdateUser(UserId=carol, **NEW)["User"].items() >= changed(NEW).items()
    there.DeleteUser(UserId=carol)
    if scim == "Disabled":
        assert there.UpdateUser(UserId=BOB, **NEW)["User"].items() >= changed(NEW).items()
        assert there.GetUserId(ExternalId=SCIM) == {"UserId": BOB}
        assert there.DeleteUser(UserId=BOB) == {}
