"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldenthread.config.settings")
os.environ.setdefault("GOLDENTHREAD_POOL_SIZE", "8")

application = get_wsgi_application()
