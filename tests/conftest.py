"""What all tests share: fixtures that know no subject."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

from tests.compiled_support import checked_questions  # noqa: F401 - for every test
from tests.ledger_support import flushable_ledger, own_checkpoints  # noqa: F401 - for every test

# A busy machine is slow at making examples too; that says nothing of the product.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """Where Chromium is, if it is anywhere."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items):
    """Mark what lies in tests/browser, and skip it with the reason where there is no Chromium."""
    missing = pytest.mark.skip(reason="Chromium was not found; install it, or name it in CHROMIUM")
    for item in items:
        if "/tests/browser/" not in item.path.as_posix():
            continue
        item.add_marker(pytest.mark.browser)
        if chromium() is None:
            item.add_marker(missing)
