"""The WSGI application that the web processes serve."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldenthread.config.settings")

application = get_wsgi_application()

if connection.vendor == "postgresql" and settings.POOL["max_size"]:
    # The web processes alone keep a pool: those that fork (the job worker) cannot share one.
    connection.settings_dict.setdefault("OPTIONS", {})["pool"] = settings.POOL
