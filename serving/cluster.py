"""Starts the service on this machine and stops it, leaving no process behind."""

import contextlib
import logging
import os
import socket
from collections.abc import Iterator

from serving.settings import ServiceFile

OBJECT_STORE_BYTES = 300_000_000  # attachments and pages on their way between processes


class PortTaken(RuntimeError):
    """The port is not free; the message says what to do."""


def free_port() -> int:
    """A TCP port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def refuse_taken_port(host: str, port: int) -> None:
    """Raises `PortTaken` unless the address can be listened on."""
    with socket.socket() as probe:
        # As servers do: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"cannot listen on {host}:{port} ({error.strerror}); stop the program that does,"
                " or choose another with --host and --port"
            ) from error


@contextlib.contextmanager
def running(service: ServiceFile) -> Iterator[str]:
    """The service's address while it runs; everything it started is gone afterwards.

    Always a cluster of its own: a Ray that already runs on this machine is not touched.
    """
    service.refuse_exposed()
    options = service.http_options
    refuse_taken_port(options.host, options.port)
    # Read when Ray is imported or started; a value that is already set wins.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    import ray
    from ray import serve

    from serving.app import build

    # Serve reports every deployment on stderr of the program that starts it.
    logging.getLogger("ray.serve").setLevel(logging.ERROR)
    try:
        ray.init(
            address="local",
            include_dashboard=False,
            object_store_memory=OBJECT_STORE_BYTES,
            logging_level=logging.ERROR,
            log_to_driver=False,
        )
        logs = service.logging_config.model_dump()
        serve.start(
            proxy_location=service.proxy_location,
            http_options=options.model_dump(),
            logging_config=logs,
        )
        serve.run(build(service.settings), name="tieout", route_prefix="/", logging_config=logs)
        yield f"http://{options.host}:{options.port}"
    finally:
        if ray.is_initialized():
            # Lets running requests end. Not `serve.shutdown`: it kills its own controller in the
            # middle of a task, which Ray then reports on our streams.
            with contextlib.suppress(RuntimeError, ray.exceptions.RayError):
                serve.delete("tieout")
            ray.shutdown()
