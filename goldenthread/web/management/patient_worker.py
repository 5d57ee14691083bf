"""A web process that slow visitors cannot hold up: a request is taken in whole before a thread answers it.

Gunicorn's own threads read from the visitor, so a few who send half a request and wait would keep all
others out. Here waitress takes requests in and answers out beside the threads, for all visitors at once.
"""

import os
import tempfile
import time
from contextlib import suppress
from io import BytesIO

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from goldenthread.web.middleware import NOT_KEPT

GLANCE = 1  # seconds between two looks at whether to stop
FIXED = {
    "channel_timeout": 60,  # seconds after which a visitor who sends and takes nothing is let go
    "cleanup_interval": 10,
    "connection_limit": 1000,
    "max_request_header_size": 64 * 1024,
    "asyncore_use_poll": True,
    "ident": None,  # no program's name in the answers
    "log_socket_errors": False,
    "clear_untrusted_proxy_headers": False,  # settings.SECURE_PROXY_SSL_HEADER says which is believed
}
FILES_AT_ONCE = 20
"""No form takes more files of the largest size than this in one go."""


class PatientWorker(Worker):
    """One of gunicorn's processes, in which waitress speaks to the visitors."""

    def run(self) -> None:
        """Answer until told to stop, then finish what was begun."""
        tempfile.tempdir = str(settings.UPLOADS)  # what is sent lies there until it is whole
        server = create_server(
            self._counted,
            sockets=[one.sock for one in self.sockets],
            threads=self.cfg.threads,
            max_request_body_size=FILES_AT_ONCE * settings.UPLOAD_LIMIT,
            **FIXED,
        )
        server.channel_class = _Visitor
        while self.alive and self.ppid == os.getppid():
            self._look(server, GLANCE)
        server.accepting = False
        latest = time.monotonic() + self.cfg.graceful_timeout
        while any(map(_is_busy, server.active_channels.values())) and time.monotonic() < latest:
            self._look(server, GLANCE / 10)
        server.task_dispatcher.shutdown(timeout=max(0.0, latest - time.monotonic()))

    def _look(self, server, seconds: float) -> None:
        """See to whoever sends or takes something; tell gunicorn that all is well."""
        self.notify()
        wasyncore.loop(timeout=seconds, use_poll=True, map=server._map, count=1)

    def _counted(self, environ, start_response):
        """An answer of the pages; after so many the process makes room for a fresh one."""
        self.nr += 1
        if self.nr >= self.max_requests:
            self.alive = False
        if isinstance(what := environ["wsgi.input"], _Unkept):
            environ[NOT_KEPT] = what.fault
        return self.wsgi(environ, start_response)


class _Unkept(BytesIO):
    """What stands for a form or file of which a part could not be kept, such as on a full disk."""

    def __init__(self, fault: OSError) -> None:
        super().__init__()
        self.fault = fault

    def append(self, data: bytes) -> None:
        """Let the rest go by, so that whoever sends it hears the answer."""

    def getfile(self) -> BytesIO:
        return self

    def __len__(self) -> int:
        return 0


class _Request(HTTPRequestParser):
    """A request of which what cannot be kept is told to the pages, which have words for it."""

    def received(self, data: bytes) -> int:
        try:
            return super().received(data)
        except OSError as fault:
            half = self.body_rcv.buf
            self.body_rcv.buf = _Unkept(fault.with_traceback(None))  # which would keep the half and its room
            with suppress(OSError):
                half.close()
            return super().received(data)


class _Visitor(HTTPChannel):
    parser_class = _Request


def _is_busy(channel) -> bool:
    """Whether a visitor's request is in hand or its answer not yet out."""
    return bool(channel.requests or channel.total_outbufs_len)
