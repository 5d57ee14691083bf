"""goldenthread serve: the web server and all that runs beside it, under one parent."""

import os
import pkgutil
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from goldenthread.ledger import checkpoints
from goldenthread.web.management import static_files
from goldenthread.web.management.commands.worker import PROCESSES
from goldenthread.web.management.processes import run_together
from goldenthread.web.management.web_server import WebServer

THIS_COMPUTER = ("127.0.0.1", "localhost", "::1")
NO_TLS = (
    "Only this computer (127.0.0.1) is served over plain HTTP. To serve others, put a TLS proxy in front and "
    "set GOLDENTHREAD_HOSTS to the names by which people reach it. docs/how-to/serve-others.md says how."
)


class Command(BaseCommand):
    """Serves the product until it is told to stop."""

    help = "Serve Golden Thread: web server, background jobs, notices and checkpoints."
    requires_system_checks = ()  # init_db made them; they would load every page before it is needed

    def add_arguments(self, parser):
        """Where to listen, and whether the rest runs elsewhere."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--processes", type=int, default=2, help="web processes (default 2)")
        parser.add_argument("--threads", type=int, default=4, help="threads in each (default 4)")
        parser.add_argument("--web-only", action="store_true", help="`goldenthread worker` runs elsewhere")

    def handle(self, *args, host, port, processes, threads, web_only, **options):
        """Check that it may and can be served, then serve it."""
        if host not in THIS_COMPUTER and not settings.SERVED_TO_OTHERS:
            raise CommandError(NO_TLS)
        if missing := missing_migrations():
            raise CommandError(
                f"The database is not ready ({missing} steps to go). Run: goldenthread init_db"
            )
        static_files.gather_if_changed()
        self.stdout.write(f"Golden Thread is at {address(host, port)} (Ctrl-C stops it)")
        if settings.DEMO:
            self.stdout.write(f"Sign in as anybody of the demo council at {address(host, port)}/sign-in/")
        self.stdout.flush()
        if "GOLDENTHREAD_ADDRESS" not in os.environ:
            settings.ADDRESS = address(host, port)  # for the links of all the processes begun from here
        web = {"web": WebServer(host=host, port=port, processes=processes, threads=threads).run}
        ended = run_together(web if web_only else web | PROCESSES, say=self.stderr.write)
        checkpoints.want_one()  # over the last minute
        if ended:
            raise CommandError("A process ended by itself; what it said stands above.")


def missing_migrations() -> int:
    """How many steps the database is behind the program, by the names of both: loading them takes time."""
    done = set(MigrationRecorder(connection).applied_migrations())
    return len(known_migrations() - done)


def known_migrations() -> set[tuple[str, str]]:
    """The migrations of every app, as app and name."""
    return {
        (app.label, found.name)
        for app in apps.get_app_configs()
        if (spec := find_spec(f"{app.name}.migrations")) and spec.submodule_search_locations
        for found in pkgutil.iter_modules(spec.submodule_search_locations)
        if not found.ispkg and found.name[0] not in "_~"
    }


def address(host: str, port: int) -> str:
    """Where people open it."""
    return settings.ADDRESS if settings.SERVED_TO_OTHERS else f"http://localhost:{port}"
