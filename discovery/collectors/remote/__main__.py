"""`python -m discovery.collectors.remote SITE`: the collector of a site. It needs a broker and its key, no database.

TASK_BROKER_URL (and TASK_BROKER_PREFIX, or RACEWAY_VAR for the folder broker) say where the broker is,
RACEWAY_COLLECTOR_KEY or the file that RACEWAY_COLLECTOR_KEY_FILE names holds the key.
"""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from discovery.collectors.remote.collector import Collector
from discovery.collectors.remote.messages import BadKeyError, Box, queue_of
from discovery.collectors.remote.post import Post, broker_of

if TYPE_CHECKING:
    from structlog.typing import Processor


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Collect until SIGTERM or SIGINT; 2 when there is no key."""
    parser = argparse.ArgumentParser(
        prog="python -m discovery.collectors.remote", description="The collector of one site."
    )
    parser.add_argument("site", help="code of the site, as the collector was registered for it")
    site = parser.parse_args(arguments).site
    try:
        box = Box(_key(environ))
    except (BadKeyError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _log(environ.get("RACEWAY_LOG_LEVEL", "INFO"))
    leaving = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: leaving.set())
    logging.getLogger(__name__).info("collector_started", extra={"queue": queue_of(site)})
    Collector(site, box, Post(broker_of(environ))).run(leaving)
    return 0


def _log(level: str) -> None:
    """Log as the rest of Raceway does, a line of JSON per event; the shared settings would bring Django along."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    ending: list[Processor] = [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)


def _key(environ: Mapping[str, str]) -> str:
    key = environ.get("RACEWAY_COLLECTOR_KEY", "")
    file = environ.get("RACEWAY_COLLECTOR_KEY_FILE", "")
    if key or not file:
        return key
    return Path(file).read_text()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
