"""What the log says of a crash: where it happened, never what the variables held."""

import io
import logging
import logging.config
import secrets

import pytest

from common.logs import logging_settings


def _connect(password: str) -> None:
    raise OSError("connection refused")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_names_the_line_and_no_local_variable(*, as_json: bool) -> None:
    formatters = logging_settings(as_json=as_json, level="INFO")["formatters"]
    settings = {"version": 1, "disable_existing_loggers": False, "formatters": formatters}
    formatter = logging.config.DictConfigurator(settings).configure_formatter(
        formatters["structured"]
    )
    output, password = io.StringIO(), secrets.token_hex()
    handler = logging.StreamHandler(output)
    handler.setFormatter(formatter)
    logger = logging.getLogger("tests.crash")
    logger.addHandler(handler)
    try:
        _connect(password)
    except OSError:
        logger.exception("crashed")
    finally:
        logger.removeHandler(handler)
    assert "connection refused" in output.getvalue()
    assert "_connect" in output.getvalue()
    assert password not in output.getvalue()
