"""Passwords of users: what a policy lets pass, those that were used before, and those that are made up."""

import string

import pytest

from story_alibaba import (
    ALICE,
    BOB,
    PEOPLE,
    Cloud,
    begin,  # noqa: F401
    estate,
    every_call,
    invalid,
    mode,  # noqa: F401
    people,  # noqa: F401
    refused,
    servers,  # noqa: F401
    told,
)

SIGNS = string.punctuation


def reset(there, password, user=ALICE, **more):
    assert there.ResetUserPassword(UserId=user, Password=password, **more) == {}


def turned_down(there, password, user=ALICE):
    refused(
        there.ResetUserPassword,
        *invalid("Password"),
        # inferred, from a sibling service: another code for it.
        "InvalidParameter.Password.TooWeak",
        UserId=user,
        Password=password,
    )


# What the policy of a fresh directory lets pass, for a user called alice; a hyphen where it does not.
# doc: 8 to 32 characters with a capital, a small letter, a digit and a sign; no user name; 3 different ones.
FRESH = """
    Yourpassword123!
    Aa1!Aa1!
    Aaaaaaa1!
    1!Zzzzzz
    Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!
    alic3E!xyz
    - Aa1!Aa1
    - Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!Aa1!x
    - aa1!aa1!
    - AA1!AA1!
    - Aaa!Aaa!
    - Aa1Aa1Aa1
    - Alice123!
    - xxALICE1!
    - Xx1!aLiCe
    - A1!alice
"""


def lines(table):
    for line in table.strip().splitlines():
        no, _, password = line.strip().rpartition(" ")
        yield password, not no


@every_call
def test_the_policy_of_a_fresh_directory(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    before = told(people)
    for password, fits in lines(FRESH):
        (reset if fits else turned_down)(there, password)
    # doc: any sign counts.
    for sign in SIGNS:
        reset(there, f"Abcdef1{sign}")
    # The name of somebody else is no matter.
    reset(there, "Alice123!", BOB)
    # inferred: nothing of a user's password is told, nor when it was set.
    assert told(people) == before


POLICIES = {
    "a longer one": ({"MinPasswordLength": 12}, "Aa1!Aa1!Aa1!", "Aa1!Aa1!Aa1"),
    "the longest": ({"MinPasswordLength": 32}, "Aa1!" * 8, "Aa1!" * 7 + "Aa1"),
    "five different": ({"MinPasswordDifferentChars": 5}, "Aa1!Aa1?", "Aa1!Aa1!"),
    "all different": ({"MinPasswordDifferentChars": 8}, "Aa1!Bb2?", "Aa1!Bb2!"),
    "none need be different": ({"MinPasswordDifferentChars": 0}, "Aaaaaa1!", "aaaaaa1!"),
    "the user's name": ({"PasswordNotContainUsername": False}, "Alice123!", "alice123!"),
    "the others stay": ({"PasswordNotContainUsername": False, "MinPasswordLength": 10}, "Alice1234!", "Alice123!"),
}


@every_call
@pytest.mark.parametrize("policy, fits, misfit", POLICIES.values(), ids=POLICIES)
def test_a_policy_holds_at_once(people, call, policy, fits, misfit):  # noqa: F811
    there = Cloud(people, call=call).at()
    there.SetPasswordPolicy(**policy)
    turned_down(there, misfit)
    reset(there, fits)


# doc: so many of the last passwords are not used again; none when it is 0. inferred: the present one is one of them.
@every_call
@pytest.mark.parametrize("count", [0, 1, 2, 24])
def test_passwords_that_were_used(people, call, count):  # noqa: F811
    there = Cloud(people, call=call).at()
    there.SetPasswordPolicy(PasswordReusePrevention=count)
    used = [f"Password-{number:02}" for number in range(count + 2)]
    for number, password in enumerate(used):
        reset(there, password)
        remembered = used[: number + 1][-count:] if count else []
        for other in {*remembered[:1], *remembered[-1:]}:
            turned_down(there, other)
    for other in remembered:
        turned_down(there, other)
    # The last of those that are forgotten; of somebody else nothing is remembered.
    reset(there, used[-count - 1])
    reset(there, used[-1], BOB)


def test_a_stricter_policy_remembers_what_was_before(people):  # noqa: F811
    there = Cloud(people).at()
    there.SetPasswordPolicy(PasswordReusePrevention=0)
    for password in ("Password-1", "Password-2", "Password-2", "Password-3"):
        reset(there, password)
    there.SetPasswordPolicy(PasswordReusePrevention=3)
    turned_down(there, "Password-3")
    turned_down(there, "Password-2")
    reset(there, "Password-1")
    there.SetPasswordPolicy(PasswordReusePrevention=1)
    reset(there, "Password-3")


# Made up


def fits(password, name):
    """Whether every policy lets it pass."""
    kinds = (string.ascii_uppercase, string.ascii_lowercase, string.digits, SIGNS)
    return (
        8 <= len(password) <= 32
        and all(set(kind) & set(password) for kind in kinds)
        and name not in password.lower()
        and not set(password) - set("".join(kinds))
    )


# doc: it is shown when it is made up, and only then. inferred: one that is given with it is ignored.
@every_call
def test_a_password_is_made_up(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    made = []
    for more in ({}, {"Password": "Mine1234!"}, {"Password": "x"}, {"RequirePasswordResetForNextLogin": True}):
        answer = there.ResetUserPassword(UserId=ALICE, GenerateRandomPassword=True, **more)
        assert answer.keys() == {"NewPassword"}
        made.append(answer["NewPassword"])
        assert fits(made[-1], "alice"), made[-1]
        # It is the user's password now.
        turned_down(there, made[-1])
    assert len(set(made)) == len(made) and "Mine1234!" not in made
    reset(there, "Mine1234!", GenerateRandomPassword=False, RequirePasswordResetForNextLogin=True)
    turned_down(there, "Mine1234!")


def test_what_is_made_up_fits_the_strictest_policy(people):  # noqa: F811
    there = Cloud(people).at()
    there.SetPasswordPolicy(MinPasswordLength=32, MinPasswordDifferentChars=32, PasswordReusePrevention=24)
    for _ in range(30):
        password = there.ResetUserPassword(UserId=ALICE, GenerateRandomPassword=True)["NewPassword"]
        assert len(password) == len(set(password)) == 32 and fits(password, "alice")
        turned_down(there, password)


# Refused


# doc: there must be one when none is made up. inferred: the code.
@every_call
def test_there_must_be_a_password(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    for given in ({}, {"GenerateRandomPassword": False}, {"Password": ""}, {"RequirePasswordResetForNextLogin": True}):
        refused(there.ResetUserPassword, "MissingPassword", UserId=ALICE, **given)
    for name in ("GenerateRandomPassword", "RequirePasswordResetForNextLogin"):
        # doc: the gateway's code of what is no boolean.
        given = {"Password": "Yourpassword123!", name: "maybe"}
        refused(there.ResetUserPassword, f"Invalid{name}", UserId=ALICE, **given)
    reset(there, "Yourpassword123!")


# doc: while users log on elsewhere, they have no passwords here. inferred: the code.
@every_call
@pytest.mark.parametrize("user", [ALICE, BOB], ids=["by hand", "by SCIM"])
def test_not_while_users_log_on_elsewhere(begin, call, user):  # noqa: F811
    there = Cloud(begin(estate(*PEOPLE, saml={"sso": "Enabled"})), call=call).at()
    for given in ({"Password": "Yourpassword123!"}, {"GenerateRandomPassword": True}):
        refused(there.ResetUserPassword, "OperationConflict.SSOStatus", UserId=user, **given)
    # The rest of the user is another matter.
    there.UpdateUserStatus(UserId=user, NewStatus="Disabled")
    assert there.GetUser(UserId=user)["User"]["Status"] == "Disabled"


# A password is in no answer but the one that made it up, and in no log.
@every_call
def test_passwords_are_told_to_nobody(people, call):  # noqa: F811
    there = Cloud(people, call=call).at()
    given = "Mine+is/odd=1!"
    reset(there, given)
    turned_down(there, given)
    made = there.ResetUserPassword(UserId=ALICE, GenerateRandomPassword=True)["NewPassword"]
    for text in (str(told(people)), people.logged(), str(people.info())):
        for spelled in (given, "Mine%2Bis%2Fodd%3D1%21", "Mine%2Bis%2Fodd%3D1!", made):
            assert spelled not in text
