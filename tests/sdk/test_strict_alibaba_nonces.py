"""Alibaba Cloud's nonces in strict mode: one serves once, for one key, and not for a request that was refused."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from alibaba_signer import moment, nonce, v1, v3
from clients import AlibabaKey
from test_alibaba import READ, UPDATE, settings
from test_strict_alibaba import CHANGE, GIVEN, SEED, accepted, both_formats, both_protocols
from test_strict_alibaba_refusals import disabled, other, patched, told, wanted
from wire import send

USED = wanted("SignatureNonceUsed")


@both_protocols
@both_formats
def test_a_request_serves_once(strict, protocol, form):
    message = protocol(SEED, READ, GIVEN)
    accepted(strict, message)
    for _ in range(2):
        assert told(strict, message) == USED
    once = nonce()
    accepted(strict, protocol(SEED, READ, GIVEN, once=once))
    assert told(strict, protocol(SEED, READ, GIVEN | {"Format": form}, once=once), form) == USED


# observed: other parameters, another time and another action do not free it.
@both_protocols
def test_another_request_does_not_free_a_nonce(strict, protocol):
    once = nonce()
    accepted(strict, protocol(SEED, READ, GIVEN, once=once))
    assert told(strict, protocol(SEED, READ, GIVEN | {"Note": "1"}, once=once)) == USED
    assert told(strict, protocol(SEED, READ, GIVEN, once=once, time=moment(seconds=-800))) == USED
    assert told(strict, protocol(SEED, READ, GIVEN, once=once, time=moment(seconds=800))) == USED
    assert told(strict, protocol(SEED, UPDATE, CHANGE, once=once)) == USED
    assert told(strict, protocol(SEED, READ, GIVEN, once=once, method=b"POST", form={"Note": "2"})) == USED
    assert settings(strict) == ("Enabled", None)


@both_protocols
def test_a_nonce_of_one_key_serves_another(strict, protocol):
    once = nonce()
    for key in (SEED, AlibabaKey.made(strict), other(strict)):
        accepted(strict, protocol(key, READ, GIVEN, once=once))
        assert told(strict, protocol(key, READ, GIVEN, once=once)) == USED


@both_protocols
def test_a_refused_request_does_not_use_up_its_nonce(strict, protocol):
    key, third = other(strict), other(strict)
    once = nonce()
    time = moment()
    right = protocol(key, UPDATE, CHANGE, once=once, time=time)

    def refused(code, wrong=key, at=time):
        assert told(strict, protocol(wrong, UPDATE, CHANGE, once=once, time=at))[1] == code
        assert settings(strict) == ("Enabled", None)

    refused("SignatureDoesNotMatch", replace(key, secret="other"))
    refused("MissingSecurityToken", replace(key, token=None))
    refused("InvalidSecurityToken.Malformed", replace(key, token="other"))
    refused("InvalidSecurityToken.MismatchWithAccessKey", replace(key, token=third.token))
    refused("InvalidTimeStamp.Expired", at=moment(hours=-1))
    refused("InvalidTimeStamp.Format", at="soon")
    disabled(strict, key)
    refused("InvalidAccessKeyId.Inactive")
    patched(strict, key, status="active", expires_at="2020-01-01T00:00:00Z")
    refused("InvalidSecurityToken.Expired")
    patched(strict, key, expires_at="never")
    accepted(strict, right)
    assert settings(strict) == ("Disabled", None)
    assert told(strict, right) == USED


@both_protocols
def test_one_of_many_wins(strict, protocol):
    many = 16
    for _ in range(5):
        # All begin to look for the key, and the first of them answers, before anything of it is remembered.
        strict.reset()
        message = protocol(SEED, READ, GIVEN)
        barrier = Barrier(many)

        def attempt(message=message, barrier=barrier):
            barrier.wait()
            answer = send(strict, message)
            return answer.status, b"SignatureNonceUsed" in answer.body

        with ThreadPoolExecutor(many) as pool:
            seen = Counter(one.result() for one in [pool.submit(attempt) for _ in range(many)])
        assert seen == {(200, False): 1, (400, True): many - 1}


# A nonce is kept where the world is.
def test_nonces_survive_a_restart(start, tmp_path):
    arguments = ("--auth", "strict", "--data-dir", tmp_path)
    before = start(*arguments)
    key = other(before)
    sent = [v3(SEED, READ, GIVEN), v1(SEED, READ, GIVEN), v3(key, READ, GIVEN), v1(key, READ, GIVEN)]
    for message in sent:
        accepted(before, message)
    before.stop()

    after = start(*arguments)
    for message in sent:
        assert told(after, message) == USED
    accepted(after, v3(key, READ, GIVEN))
    accepted(after, v1(key, READ, GIVEN))


# A fresh world has seen no nonce.
def test_a_reset_forgets_nonces(strict):
    messages = (v3(SEED, READ, GIVEN), v1(SEED, READ, GIVEN))
    for _ in range(2):
        for message in messages:
            accepted(strict, message)
            assert told(strict, message) == USED
        strict.reset()
