"""goldenthread serve: the web server and all that runs beside it, under one parent."""

import os
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from goldenthread.ledger import checkpoints
from goldenthread.web.management.commands.worker import PROCESSES
from goldenthread.web.management.processes import run_together

THIS_COMPUTER = ("127.0.0.1", "localhost", "::1")
NO_TLS = (
    "Only this computer (127.0.0.1) is served over plain HTTP. To serve others, put a TLS proxy in front and "
    "set GOLDENTHREAD_HOSTS to the names by which people reach it. docs/how-to/serve-others.md says how."
)


class Command(BaseCommand):
    """Serves the product until it is told to stop."""

    help = "Serve Golden Thread: web server, background jobs, notices and checkpoints."

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
        call_command("collectstatic", interactive=False, verbosity=0)
        web = {"web": gunicorn(host, port, processes, threads)}
        self.stdout.write(f"Golden Thread is at {address(host, port)} (Ctrl-C stops it)")
        if settings.DEMO:
            self.stdout.write(f"Sign in as anybody of the demo council at {address(host, port)}/sign-in/")
        self.stdout.flush()
        checkpoints.want_one()  # over the last minute, when all have stopped
        if run_together(web if web_only else web | PROCESSES, say=self.stderr.write):
            raise CommandError("A process ended by itself; what it said stands above.")


def missing_migrations() -> int:
    """How many steps the database is behind the program."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    connection.close()
    return missing


def address(host: str, port: int) -> str:
    """Where people open it."""
    return settings.ADDRESS if settings.SERVED_TO_OTHERS else f"http://localhost:{port}"


def gunicorn(host: str, port: int, processes: int, threads: int) -> list[str]:
    """The words that start the web server."""
    os.environ.setdefault("GOLDENTHREAD_ADDRESS", address(host, port))
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        *(sys.executable, "-m", "gunicorn", "goldenthread.config.wsgi:application"),
        *("--bind", listen, "--worker-class", "gthread"),
        *("--workers", str(processes), "--threads", str(threads)),
        *("--max-requests", "5000", "--max-requests-jitter", "500", "--timeout", "60"),
        *("--graceful-timeout", "10", "--log-level", "warning", "--no-control-socket"),
        *("--forwarded-allow-ips", "127.0.0.1,::1", "--worker-tmp-dir", str(settings.DATA)),
    ]
