"""The product's settings, with a data folder and databases that each run has to itself."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

KEPT = ("GOLDENTHREAD_DATA", "GOLDENTHREAD_FAULTS")
TEMPORARY = Path(tempfile.mkdtemp(prefix="goldenthread-tests-"))
(TEMPORARY / "data" / "static").mkdir(parents=True)
atexit.register(shutil.rmtree, TEMPORARY, ignore_errors=True)
os.environ["GOLDENTHREAD_DATA"] = str(TEMPORARY / "data")
for name in [name for name in os.environ if name.startswith("GOLDENTHREAD_") and name not in KEPT]:
    del os.environ[name]

from goldenthread.config.settings import *  # noqa: E402, F403
from goldenthread.config.settings import DATABASES, STORAGES  # noqa: E402

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because a live server's threads cannot share a database in memory.
    DATABASES["default"]["TEST"] = {"NAME": str(TEMPORARY / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_goldenthread_{os.getpid()}"}
