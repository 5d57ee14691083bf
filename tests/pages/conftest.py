"""The organisation's directory, as the pages meet it."""

import pytest

from tests.directory import CLIENT, OID, SECRET, TENANT, FakeDirectory
from tests.make import make_person


@pytest.fixture(scope="module")
def served():
    directory = FakeDirectory()
    yield directory
    directory.stop()


@pytest.fixture
def directory(served, settings):
    """The provider, which the settings name."""
    served.claims, served.signs_with, served.says_issuer = {}, None, served.issuer
    served.rubbish, served.forge = {}, None
    settings.DIRECTORY_CLIENT, settings.DIRECTORY_SECRET = CLIENT, SECRET
    settings.DIRECTORY_TENANT, settings.DIRECTORY_ISSUER = TENANT, served.issuer
    return served


@pytest.fixture
def known():
    """Somebody whose directory id the people file gave."""
    return make_person("Ada Auditor", external_id=OID)
