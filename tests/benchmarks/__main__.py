"""python -m tests.benchmarks [NAME…] [--size 1] [--rounds 100]: each in its own folder.

Names: pages, month, import, documents, running, reports. With --database postgres://…, an empty database,
those that ask a database run on it: pages, month, running, reports.
"""

import argparse
import importlib
import os
import subprocess
import sys
import tempfile

import django
from django.core.management import call_command

MODULES = {
    "pages": "pages",
    "month": "month",
    "import": "importing",
    "documents": "documents",
    "running": "running",
    "reports": "reports",
}

ON_ANY_DATABASE = ("pages", "month", "running", "reports")


def main() -> int:
    """Run the benchmarks named, or all, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", choices=[*MODULES, []], help="which (default: all)")
    parser.add_argument("--size", type=float, default=1, help="1 is a council (default)")
    parser.add_argument("--rounds", type=int, default=100, help="counted rounds of the pages")
    parser.add_argument("--database", help="an empty PostgreSQL database (default: SQLite); for one name")
    said = parser.parse_args()
    names = said.names or list(MODULES)
    if said.database and (len(names) != 1 or names[0] not in ON_ANY_DATABASE):
        parser.error(f"--database goes with one of these: {', '.join(ON_ANY_DATABASE)}.")
    if len(names) == 1:
        measure(names[0], said.size, said.rounds, said.database)
        return 0
    rest = ["--size", str(said.size), "--rounds", str(said.rounds)]
    codes = [
        subprocess.run([sys.executable, "-m", "tests.benchmarks", name, *rest], check=False).returncode
        for name in names
    ]
    return max(codes)


def measure(name: str, size: float, rounds: int, database: str | None) -> None:
    """One benchmark in a new data folder, which is gone afterwards; what it puts into a database stays."""
    with tempfile.TemporaryDirectory(prefix="goldenthread-benchmark-") as folder:
        os.environ["GOLDENTHREAD_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "goldenthread.config.settings"
        os.environ.pop("DATABASE_URL", None)
        if database:
            os.environ["DATABASE_URL"] = database
        django.setup()
        call_command("init_db", verbosity=0)
        figures = importlib.import_module("tests.benchmarks.figures")
        benchmark = importlib.import_module(f"tests.benchmarks.{MODULES[name]}")
        on = "PostgreSQL" if database else "SQLite"
        print(f"## {name}, size {size:g}, {on}: {figures.machine()}\n", flush=True)
        print(benchmark.run(size, rounds), flush=True)


if __name__ == "__main__":
    sys.exit(main())
