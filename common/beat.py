"""The beat as a thread of the worker: `worker --with-beat`.

Celery's own `--beat` forks a process of 50 MB and does not notice when it dies. This thread starts again by itself,
so a restart of the database does not stop the reaper.
"""

import logging
import threading
from typing import Any

from celery import Celery, bootsteps
from celery.beat import Service
from click import Option
from django.db import connections

logger = logging.getLogger(__name__)

RESTART_SECONDS = 2.0
LONGEST_SLEEP_SECONDS = 1  # how long a stop may wait


class BeatThread(threading.Thread):
    """Runs beat services, one after the other, until it is stopped."""

    def __init__(self, app: Celery) -> None:
        super().__init__(name="beat", daemon=True)
        self._app = app
        self._stopping = threading.Event()
        self._service: Service | None = None

    def run(self) -> None:
        """Send what is due; begin again after a failure."""
        self._app.set_current()
        while not self._stopping.is_set():
            self._service = Service(
                self._app,
                max_interval=LONGEST_SLEEP_SECONDS,
                scheduler_cls=self._app.conf.beat_scheduler,
            )
            try:
                self._service.start()
            except Exception:
                logger.exception("beat_failed")
                connections.close_all()  # a connection the database has cut stays broken
                self._stopping.wait(RESTART_SECONDS)

    def stop(self) -> None:
        """Stop after the tick under way."""
        self._stopping.set()
        if self._service is not None:
            self._service.stop()
        self.join(timeout=3 * LONGEST_SLEEP_SECONDS)


class BeatStep(bootsteps.StartStopStep):
    """Starts and stops the thread with its worker."""

    label = "Beat thread"
    conditional = True

    def __init__(self, worker: Any, *, with_beat: bool = False, **options: Any) -> None:  # noqa: ANN401 -- celery's
        self.enabled = with_beat
        super().__init__(worker, **options)

    def create(self, worker: Any) -> BeatThread:  # type: ignore[override]  # noqa: ANN401 -- celery's
        """Return what the worker is to start and stop."""
        return BeatThread(worker.app)


def add_to(app: Celery) -> None:
    """Teach the app's worker the option --with-beat."""
    app.steps["worker"].add(BeatStep)
    app.user_options["worker"].add(
        Option(["--with-beat"], is_flag=True, help="Run the beat in a thread of this worker.")
    )
