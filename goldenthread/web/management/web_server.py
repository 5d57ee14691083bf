"""The web server: gunicorn, which loads the pages once and keeps the processes that answer alive."""

from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication

from goldenthread.web.costly import leave_a_thread_free
from goldenthread.web.management.garbage import without_collecting
from goldenthread.web.management.patient_worker import PatientWorker

FIXED = {
    "worker_class": PatientWorker,
    "preload_app": True,
    "max_requests": 5000,
    "max_requests_jitter": 500,
    "timeout": 60,
    "graceful_timeout": 10,
    "loglevel": "warning",
    "control_socket_disable": True,
}


class WebServer(BaseApplication):
    """Gunicorn with our own settings and none of anybody's files."""

    def __init__(self, *, host: str, port: int, processes: int, threads: int) -> None:
        """Where it listens, and how many answer."""
        self.wanted = FIXED | {
            "bind": bound(host, port),
            "workers": processes,
            "threads": threads,
            "worker_tmp_dir": str(settings.DATA),
        }
        leave_a_thread_free(threads)
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings over."""
        for name, value in self.wanted.items():
            self.cfg.set(name, value)

    def load(self):
        """Load every page once."""
        with without_collecting():
            application = get_internal_wsgi_application()
            str(get_resolver().url_patterns)  # the pages, which Django would load at the first request
            return application


def bound(host: str, port: int) -> str:
    """An address as gunicorn wants it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
