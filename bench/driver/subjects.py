"""What requests are about: accounts that have no instance yet, and keys of such."""

import itertools
import json
import random

from program import Failed
from signers import SECRET


class Subjects:
    """Gives out what the next requests are about, and takes back what was not asked about."""

    def __init__(self, source):
        self._source, self._back = iter(source), []

    def take(self, number):
        """So many, or fewer if there are no more; at least one."""
        taken = self._back[:number]
        del self._back[:number]
        taken += itertools.islice(self._source, number - len(taken))
        if not taken:
            raise Failed("there are no more accounts to make instances for: give more by --keys")
        return taken

    def give_back(self, subjects):
        self._back[:0] = subjects


def nothing():
    """For requests that are all the same."""
    return Subjects(itertools.repeat(None))


def over_and_over(subjects):
    return Subjects(itertools.cycle(subjects))


def fresh_accounts():
    """Ids of AWS accounts that nobody has; from somewhere else each time, as a shared database may be used again."""
    return Subjects(f"{number:012}" for number in itertools.count(random.randrange(500_000_000_000, 900_000_000_000)))


def _keys(number):
    return [f"{account:012}" for account in range(400_000_000_000, 400_000_000_000 + number)]


def keys(number):
    """The keys that `seed` has, which are called like their accounts."""
    return Subjects(_keys(number))


def seed(path, number):
    """Writes a seed: what the built-in one has that is read here, and so many accounts with a key each."""

    def organization(manager, instance, **more):
        account = {"id": manager, "standing": "management", "access_keys": [{"id": manager, "secret": SECRET}]}
        return [more | {"accounts": [account | {"instance": instance}]}]

    accounts = [{"id": key, "access_keys": [{"id": key, "secret": SECRET}]} for key in _keys(number)]
    instance = {"id": "ssoins-1111111111111111", "identity_store": "d-1111111111", "region": "us-east-1"}
    aws = {"organizations": organization("1" * 12, instance, id="o-1111111111"), "accounts": accounts}
    directory = {"id": "d-001111111111", "region": "cn-shanghai", "name": "sanmen"}
    alibaba = {"organizations": organization("1" * 16, directory, id="rd-111111", service="enabled")}
    instance = {"id": "ins-1111111111111111", "identity_store": "d-1111111111", "region": "cn-north-4"}
    huawei = {"organizations": organization("1" * 32, instance, id="o-1", service="enabled")}
    path.write_text(json.dumps({"aws": aws, "alibaba": alibaba, "huawei": huawei}))
    return path
