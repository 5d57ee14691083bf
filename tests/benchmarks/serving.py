"""One server and its clients, shared by the benchmarks that ask it."""

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from goldenthread.people.models import Person
from goldenthread.people.session_store import SessionStore


def session(person: Person) -> str:
    """A session as signing in leaves it; the cookie's value."""
    session, now = SessionStore(), time.time()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["began_at"] = session["seen_at"] = now
    session.save()
    return session.session_key


@contextmanager
def server(processes: int = 1):
    """`goldenthread serve` until the block ends: its port, and a process that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.benchmarks.goldenthread", "serve", "--web-only"]
    serving = subprocess.Popen(
        [*command, "--processes", str(processes), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        env=os.environ,
    )
    try:
        _wait_for(port)
        yield port, _youngest(serving.pid)
    finally:
        serving.terminate()
        serving.wait(30)


def web_of(worker: int) -> list[int]:
    """The processes of the web server of which this worker is one: the one above it, and all below that."""
    above = int(Path(f"/proc/{worker}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    children = Path(f"/proc/{above}/task/{above}/children").read_text(encoding="utf-8").split()
    return [above, *map(int, children)]


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            client.request("GET", "/healthz")
            if client.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start within 30 seconds.")


def _youngest(process: int) -> int:
    """The process that answers: the child of the web server, which is the child of `serve`."""
    while children := Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8").split():
        process = int(children[0])
    return process


def _cpu_of(process: int) -> float:
    """The seconds of a processor that a process has had, by its own clock (see clock_getcpuclockid)."""
    return time.clock_gettime((~process << 3) | 2)


@dataclass(frozen=True)
class Answer:
    """What came back, how long it took, and what it cost the server."""

    status: int
    content: bytes
    seconds: float
    cpu: float


class Client:
    """One connection, kept alive; each request with the session of whoever asks."""

    def __init__(self, port: int, worker: int, sessions: dict[int, str]) -> None:
        self.line, self.sessions = http.client.HTTPConnection("127.0.0.1", port, timeout=60), sessions
        self.worker, self.token = worker, "b" * 32

    def ask(self, method: str, path: str, who: Person, body: str | None = None) -> Answer:
        """Ask once, and wait for all of the answer."""
        cookies = {
            settings.SESSION_COOKIE_NAME: self.sessions[who.pk],
            settings.CSRF_COOKIE_NAME: self.token,
        }
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        if body is not None:
            head |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.token}
        before, began = _cpu_of(self.worker), time.perf_counter()
        answer = self._sent(method, path, body, head)
        content = answer.read()
        seconds = time.perf_counter() - began
        return Answer(answer.status, content, seconds, _cpu_of(self.worker) - before)

    def _sent(self, method: str, path: str, body: str | None, head: dict[str, str]):
        """The answer's head; where the server had closed an idle line, by another one."""
        try:
            self.line.request(method, path, body=body, headers=head)
            return self.line.getresponse()
        except (BrokenPipeError, http.client.RemoteDisconnected):
            self.line.close()
            self.line.request(method, path, body=body, headers=head)
            return self.line.getresponse()
