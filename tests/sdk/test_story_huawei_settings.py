"""The settings of an instance: authentication and session, high availability, MFA devices; each from its default on."""

import pytest

from clients import HUAWEI_DELEGATED
from story_aws import either, mode  # noqa: F401
from story_huawei import (
    CHANGED,
    INVALID,
    NO_STORE,
    OF_AN_INSTANCE,
    STORE,
    UNKNOWN_STORE,
    WRITES,
    Cloud,
    neighbour,
    outcome,
    refusal,
    set_all,
    settings,
    the_instance,
    told,
)
from test_huawei import APPLICATION, FRESH

SSO, HA, MFA = ("GetSsoConfiguration", "GetHaConfiguration", "GetMfaDeviceManagementForIdentityStore")


def here(server, account=None):
    """The instance of the seed, as an account sees it."""
    return (Cloud(server, account) if account else Cloud(server)).at()


def unchanged(there, call, bodies):
    """Each of these bodies is refused for its form, and changes nothing."""
    before = told(there)
    for body in bodies:
        refused = refusal(call, body=body)
        assert f"{refused.status} {refused.code}" == INVALID, body
        assert refused.message.startswith("Bad Request: ") and refused.message.endswith("."), body
    assert told(there) == before


def test_a_fresh_instance_has_the_defaults(either):  # noqa: F811
    seen = told(Cloud(either))
    assert {name: seen[name] for name in OF_AN_INSTANCE} == settings(STORE, changed=False)
    other = neighbour(either)
    store = the_instance(other)["identity_store_id"]
    seen = told(other)
    assert {name: seen[name] for name in OF_AN_INSTANCE} == settings(store, changed=False)


# Each write changes what it is about, and nothing else; who reads is told the same.
@pytest.mark.parametrize("operation, given", WRITES, ids=[name for name, _ in WRITES])
def test_settings_are_independent(either, operation, given):  # noqa: F811
    there, delegate, other = here(either), here(either, HUAWEI_DELEGATED), neighbour(either)
    before, theirs = told(there), told(other)
    store = {"identity_store_id": STORE} if operation.startswith("PutMfa") else {}
    for cloud in (delegate, there) if not operation.startswith("Create") else (delegate,):
        assert getattr(cloud, operation)(**given, **store) is None
        after = told(there)
        (changed,) = {name for name in before if before[name] != after[name]}
        assert after[changed] == settings(STORE, changed=True)[changed]
        assert told(delegate) == after
    assert told(other) == theirs


def test_settings_of_two_organizations(either):  # noqa: F811
    there, other = here(either), neighbour(either)
    theirs = the_instance(other)
    set_all(there)
    both = told(there)
    assert {name: both[name] for name in OF_AN_INSTANCE} == settings(STORE, changed=True)
    elsewhere = other.at(theirs["instance_id"])
    elsewhere.UpdateHaConfiguration(disaster_recovery_choice="ACCEPT")
    there.UpdateHaConfiguration(disaster_recovery_choice="REJECT")
    assert elsewhere.GetHaConfiguration() == {"disaster_recovery_choice": "ACCEPT"}
    assert elsewhere.GetSsoConfiguration() == {"sso_configuration": FRESH}
    assert told(there) == both | {HA: {"disaster_recovery_choice": "REJECT"}}


# Authentication and session. What a single change does, and what is wrong in one, is told in test_huawei.py.


def sso(there, configuration, kind=APPLICATION):
    assert there.UpdateSsoConfiguration(sso_configuration=configuration, configuration_type=kind) is None
    return there.GetSsoConfiguration()["sso_configuration"]


def test_a_configuration_from_default_to_default(either):  # noqa: F811
    there = here(either)
    # observed: the two steps of Terraform's acceptance test, and its way back.
    first = {
        "mfa_mode": "CONTEXT_AWARE",
        "no_mfa_signin_behavior": "ALLOWED_WITH_ENROLLMENT",
        "no_password_signin_behavior": "BLOCKED",
        "allowed_mfa_types": ["TOTP"],
        "session_configuration": {"max_authentication_age": "PT12H"},
    }
    for configuration in (first, CHANGED, FRESH, CHANGED, first, first):
        assert sso(there, configuration) == configuration
    # inferred: what is absent stays, whichever it is.
    now = first
    for name, value in (*CHANGED.items(), *reversed(FRESH.items())):
        now = now | {name: value}
        assert sso(there, {name: value}) == now
    assert now == FRESH == sso(there, {})


# inferred: of the type SESSION, only the session is looked at.
def test_the_session_alone(either):  # noqa: F811
    there = here(either)
    assert sso(there, CHANGED, "SESSION") == FRESH | {"session_configuration": CHANGED["session_configuration"]}
    assert sso(there, {}, "SESSION") == FRESH | {"session_configuration": CHANGED["session_configuration"]}
    month = {"session_configuration": {"max_authentication_age": "P30D"}}
    assert sso(there, month, "SESSION") == FRESH | month


# doc: from 15 minutes to 90 days; the text is kept as it is, whichever says the same.
SAME = {
    "the least": ("PT15M", "PT0H15M", "P0DT15M"),
    "the most": ("P90D", "PT2160H", "PT129600M", "P89DT24H"),
    "a day": ("P1D", "PT24H", "PT1440M", "P0DT24H", "P0Y1D"),
}


@pytest.mark.parametrize("ages", SAME.values(), ids=SAME)
def test_ages_are_kept_as_they_are_written(either, ages):  # noqa: F811
    there = here(either)
    for age in ages:
        session = {"session_configuration": {"max_authentication_age": age}}
        assert sso(there, session) == FRESH | session


def test_lists_keep_their_order(either):  # noqa: F811
    there = here(either)
    kinds = ["TOTP", "WEBAUTHN", "WEBAUTHN_SECURITY_KEY"]
    for types in (kinds, kinds[::-1], kinds[1:], kinds[:1], [kinds[2], kinds[0]]):
        assert sso(there, {"allowed_mfa_types": types}) == FRESH | {"allowed_mfa_types": types}


def sso_bodies():
    def body(configuration, kind=APPLICATION):
        return {"sso_configuration": configuration, "configuration_type": kind}

    yield from ({}, {"sso_configuration": CHANGED}, {"configuration_type": APPLICATION}, body(None), body("x"))
    yield from (body(CHANGED, kind) for kind in ("", "session", "ALL", None, 1))
    for name in ("mfa_mode", "no_mfa_signin_behavior", "no_password_signin_behavior"):
        yield from (body(CHANGED | {name: value}) for value in ("", "ANY", CHANGED[name].lower(), 1, [CHANGED[name]]))
    # inferred: one type at least, and none twice.
    yield from (body(CHANGED | {"allowed_mfa_types": types}) for types in ([], ["TOTP"] * 2, ["SMS"], "TOTP", [None]))
    # doc: the bounds, from the other side.
    for age in ("PT14M", "P90DT1M", "PT2161H", "P0D", "-PT1H", "PT1H1S", "1H", "", None, 8):
        yield from (body(CHANGED | {"session_configuration": {"max_authentication_age": age}}, kind) for kind in KINDS)
    yield from (body(CHANGED | {"session_configuration": session}, kind) for session in ({}, "PT8H") for kind in KINDS)


KINDS = (APPLICATION, "SESSION")


def test_a_configuration_that_is_wrong_changes_nothing(either):  # noqa: F811
    there = here(either)
    unchanged(there, there.UpdateSsoConfiguration, sso_bodies())


# High availability


def test_high_availability_from_default_to_default(either):  # noqa: F811
    there = here(either)
    for choice in ("REJECT", "ACCEPT", "ACCEPT", "REJECT"):
        assert there.UpdateHaConfiguration(disaster_recovery_choice=choice) is None
        assert there.GetHaConfiguration() == {"disaster_recovery_choice": choice}


HA_BODIES = (
    *({"disaster_recovery_choice": value} for value in ("", "accept", "Reject", "MAYBE", " ACCEPT", None, True, 1)),
    *({"disaster_recovery_choice": value} for value in (["ACCEPT"], {"choice": "ACCEPT"})),
    *({}, {"disasterRecoveryChoice": "ACCEPT"}, [], "", "{", '"ACCEPT"', '{"disaster_recovery_choice": "ACCEPT"'),
    '{"disaster_recovery_choice": "ACCEPT", "disaster_recovery_choice": "ACCEPT"}',
)


@pytest.mark.parametrize("choice", ["REJECT", "ACCEPT"])
def test_a_choice_that_is_none_changes_nothing(either, choice):  # noqa: F811
    there = here(either)
    there.UpdateHaConfiguration(disaster_recovery_choice=choice)
    unchanged(there, there.UpdateHaConfiguration, HA_BODIES)


# MFA devices


def test_mfa_devices_from_default_to_default(either):  # noqa: F811
    there = here(either)
    assert the_instance(there)["identity_store_id"] == STORE
    for permission in ("ALL_ACTIONS", "READ_ACTIONS", "READ_ACTIONS", "ALL_ACTIONS"):
        given = {"identity_store_id": STORE, "user_permission": permission}
        assert there.PutMfaDeviceManagementForIdentityStore(**given) is None
        assert there.GetMfaDeviceManagementForIdentityStore() == given


# doc: the code. inferred: that the identity store is the instance's own, letter for letter.
def test_another_identity_store_is_not_there(either):  # noqa: F811
    there, other = here(either), neighbour(either)
    stores = (UNKNOWN_STORE, the_instance(other)["identity_store_id"], STORE.upper(), STORE + "1", f" {STORE}")
    for permission in ("READ_ACTIONS", "ALL_ACTIONS"):
        before = told(there), told(other)
        for store in stores:
            given = {"identity_store_id": store, "user_permission": permission}
            assert outcome(there.PutMfaDeviceManagementForIdentityStore, **given) == NO_STORE, store
        assert (told(there), told(other)) == before
        there.PutMfaDeviceManagementForIdentityStore(identity_store_id=STORE, user_permission=permission)


MFA_BODIES = (
    *({}, {"identity_store_id": STORE}, {"user_permission": "READ_ACTIONS"}, [], "", "{"),
    *(
        {"identity_store_id": store, "user_permission": value}
        for store in (STORE, UNKNOWN_STORE)
        for value in ("", "read_actions", "NO_ACTIONS", "READ", None, 1, ["READ_ACTIONS"])
    ),
    *({"identity_store_id": store, "user_permission": "READ_ACTIONS"} for store in (None, 1, [STORE], {"id": STORE})),
)


# Form comes before what is there: an unknown identity store does not tell.
def test_management_that_is_wrong_changes_nothing(either):  # noqa: F811
    there = here(either)
    unchanged(there, there.PutMfaDeviceManagementForIdentityStore, MFA_BODIES)


# inferred: members that are not documented are passed over.
def test_unknown_members_are_passed_over(either):  # noqa: F811
    there, more = here(either), {"colour": {"shade": [1, None]}, "disasterRecoveryChoice": "MAYBE"}
    there.UpdateHaConfiguration(body={"disaster_recovery_choice": "ACCEPT"} | more)
    given = {"identity_store_id": STORE, "user_permission": "READ_ACTIONS"}
    there.PutMfaDeviceManagementForIdentityStore(body=given | more)
    there.UpdateSsoConfiguration(body={"sso_configuration": CHANGED | more, "configuration_type": APPLICATION} | more)
    seen, expected = told(there), settings(STORE, changed=True)
    assert {name: seen[name] for name in (SSO, HA, MFA)} == {name: expected[name] for name in (SSO, HA, MFA)}
