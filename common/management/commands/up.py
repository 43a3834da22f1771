"""`manage.py up`: the whole site in one command, and nothing left running after Ctrl-C.

Prepares database and static files, then gives its place to the supervisor, which keeps web server (granian) and
worker with beat (celery) together; in a demonstration also the simulated devices that discovery can read.
"""

import os
import shutil
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from common.supervisor import Plan, Program


class Command(BaseCommand):
    """Run the site until it is stopped."""

    help = "Migrate, collect static files, then run web server and background worker until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to listen and how much to run."""
        parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")
        parser.add_argument(
            "--first", metavar="COMMAND", help="a management command to run before serving"
        )
        parser.add_argument("--workers", type=int, default=1, help="web processes (default 1)")
        parser.add_argument("--threads", type=int, default=4, help="threads per web process")
        parser.add_argument("--job-threads", type=int, default=2, help="jobs at the same time")
        parser.add_argument("--queues", default="default,performance", help="queues to work on")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prepare, then become the supervisor: same process, same signals, a tenth of the memory."""
        host, port = parse_bind(options["bind"])
        refuse_taken_port(host, port)
        os.umask(0o077)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_catalogue", verbosity=0)
        if options["first"]:
            call_command(options["first"])
        call_command("collectstatic", interactive=False, verbosity=0)
        connections.close_all()
        plan = Plan(
            programs=[
                web_program(host, port, workers=options["workers"], threads=options["threads"]),
                worker_program(threads=options["job_threads"], queues=options["queues"]),
                *demonstration_programs(),
            ],
            host={"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host),  # noqa: S104 -- asked, not bound
            port=port,
            host_header=host_header(host),
        )
        os.chdir(settings.BASE_DIR)
        self.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "common.supervisor", plan.to_json()])  # noqa: S606


def parse_bind(bind: str) -> tuple[str, int]:
    """Split HOST:PORT.

    >>> parse_bind("[::1]:8000")
    ('::1', 8000)
    """
    host, separator, port = bind.rpartition(":")
    if not separator or not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise CommandError(f"--bind takes HOST:PORT such as 127.0.0.1:8000, not '{bind}'.")
    return host.strip("[]"), int(port)


def refuse_taken_port(host: str, port: int) -> None:
    """Say at once that somebody else listens there, instead of letting the web server fail later."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {host}:{port} ({error.strerror}). Choose another --bind HOST:PORT."
            ) from error


def host_header(host: str) -> str:
    """Return a name this site accepts requests under, to ask it about its health.

    A site that allows only its public name still answers the supervisor.
    """
    allowed = settings.ALLOWED_HOSTS
    if host in allowed or "*" in allowed or not allowed:
        return host
    return str(allowed[0]).lstrip(".")


#: Each thread of glibc's allocator keeps a heap of its own, of which most stays empty; Python takes turns anyway.
ONE_HEAP = {"MALLOC_ARENA_MAX": "1"}


def web_program(host: str, port: int, *, workers: int, threads: int) -> Program:
    """Return the web server; several processes share their metrics through files."""
    env = dict(ONE_HEAP)
    if workers > 1:
        folder = settings.VAR_DIR / "metrics"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        env["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    command += ["--host", host, "--port", str(port), "--workers", str(workers)]
    command += ["--blocking-threads", str(threads), "--workers-kill-timeout", "4"]
    command += ["--log-level", "warning", "config.wsgi:application"]
    return Program("web server", command, env)


def worker_program(*, threads: int, queues: str) -> Program:
    """Return the worker with the beat inside it."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "--quiet",
        "--app",
        "config",
        "worker",
        "--with-beat",
    ]
    command += ["--pool", "threads", "--concurrency", str(threads), "--queues", queues]
    command += ["--loglevel", "WARNING"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    # Celery warns about root because of pickle; our messages are JSON with a number in it.
    env = {**ONE_HEAP, "PYTHONWARNINGS": "ignore:You're running the worker"}
    return Program("worker", command, env)


def demonstration_programs() -> list[Program]:
    """Return the simulated network of a demonstration; elsewhere nothing is ever simulated."""
    if not settings.DEMO:
        return []
    command = [sys.executable, "-m", "demo.simulator", "--port", str(settings.DEMO_SNMP_PORT)]
    return [Program("simulated network", command)]
