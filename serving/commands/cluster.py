"""Starts the service on this machine and stops it, leaving no process behind."""

import asyncio
import contextlib
import logging
import os
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from serving.service.http_limits import CALLBACK, CALLBACK_VARIABLE, REQUEST_MB_VARIABLE
from serving.service.ray_ports import close_ports
from serving.settings import ServiceFile, Settings

logger = logging.getLogger(__name__)

OBJECT_STORE_BYTES = 300_000_000  # attachments and pages on their way between processes

_HANDING_BACK_S = 10.0  # for what is left of the jobs under way when their time is over

# What every process of the service is tuned with. The images of `configs` set the same, for
# clusters that Ray's own commands start; a test holds them together.
TUNING = {
    # One event loop for each replica in place of three: nothing blocks it, and handing requests
    # between threads costs more than most of them.
    "RAY_SERVE_RUN_USER_CODE_IN_SEPARATE_THREAD": "0",
    "RAY_SERVE_RUN_ROUTER_IN_SEPARATE_LOOP": "0",
    # Serve's controller looks after the replicas ten times a second; twice costs half of that.
    "RAY_SERVE_CONTROL_LOOP_INTERVAL_S": "0.5",
    # By itself glibc gives the kernel memory back after a pass of the model and asks for it again
    # in the next, up to a third of a pass in page faults; and it keeps an arena for every thread,
    # whose gaps add up over days. 32 MiB is the most it takes for the first.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(256 * 2**20),
    "MALLOC_ARENA_MAX": "2",
}


class StartFailed(RuntimeError):
    """A part of the service could not start; the message says which error it met."""


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

    Always a cluster of its own, closed to other machines but for HTTP: a Ray that already runs on
    this machine is not touched. Raises `PortTaken`, `StartFailed`.
    """
    service.refuse_exposed()
    options, settings = service.http_options, service.settings
    _refuse_missing_key(settings)
    refuse_taken_port(options.host, options.port)
    if settings.metrics_port is not None:
        # Ray's agent dies of a port that is taken, and the node with it.
        refuse_taken_port("127.0.0.1", settings.metrics_port)
    _prepare_environment(settings)
    import ray
    from ray import serve

    from serving.app import build

    # Serve reports every deployment on stderr of the program that starts it.
    logging.getLogger("ray.serve").setLevel(logging.CRITICAL)
    started = False
    handlers = _signal_handlers()
    try:
        ray.init(
            address="local",
            include_dashboard=False,
            object_store_memory=OBJECT_STORE_BYTES,
            logging_level=logging.ERROR,
            log_to_driver=False,
            _metrics_export_port=settings.metrics_port,
        )
        # Ray takes signals for itself, and one in the middle of the start would end us at once.
        for number, handler in handlers.items():
            signal.signal(number, handler)
        logs = service.logging_config.model_dump()
        serve.start(
            proxy_location=service.proxy_location,
            http_options=options.model_dump(),
            logging_config=logs,
        )
        try:
            serve.run(build(settings), name="tieout", route_prefix="/", logging_config=logs)
        except RuntimeError as error:
            raise StartFailed(start_failure([*_deployment_messages(), str(error)])) from error
        started = True
        yield f"http://{options.host}:{options.port}"
    finally:
        if ray.is_initialized():
            if started:
                try:
                    _drain(settings)
                except Exception as error:  # where there is no worker any more, nothing waits
                    logger.warning("jobs under way were not waited for: %s", type(error).__name__)
            # Lets running requests end. Not `serve.shutdown`: it kills its own controller in the
            # middle of a task, which Ray then reports on our streams.
            # What is not gone in a minute goes with Ray; jobs are durable.
            with contextlib.suppress(RuntimeError, TimeoutError, ray.exceptions.RayError):
                serve.delete("tieout")
            ray.shutdown()


def _refuse_missing_key(settings: Settings) -> None:
    """At once, and before processes look for the key that start together."""
    from serving.store.database import DatabaseError, database_folder
    from serving.store.secret_box import SecretKeyError, open_box

    try:
        open_box(os.environ, database_folder(settings.database_url))
    except (DatabaseError, SecretKeyError) as error:
        raise StartFailed(f"the service could not start: {error}") from error


def _signal_handlers() -> dict[int, Callable[[int, FrameType | None], Any]]:
    """What this program does on SIGINT and SIGTERM, where that is its own and can be set here."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    set_now = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    return {number: handler for number, handler in set_now.items() if callable(handler)}


def _drain(settings: Settings) -> None:
    """Jobs under way end or are handed back while all that they need is still there."""
    from ray import serve

    if "tieout" not in serve.status().applications:
        return
    work: Any = serve.get_deployment_handle("work", "tieout")

    async def drained() -> None:
        # A handle without a loop of its own works in a running one only.
        await work.broadcast("drain").results_async(timeout_s=settings.drain_s + _HANDING_BACK_S)

    asyncio.run(drained())


def _prepare_environment(settings: Settings) -> None:
    """What Ray reads when it is imported or started, and its processes inherit."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ[CALLBACK_VARIABLE] = CALLBACK
    os.environ[REQUEST_MB_VARIABLE] = str(settings.request_mb)
    for name, value in TUNING.items():
        os.environ.setdefault(name, value)
    os.environ["RAY_SERVE_ENABLE_HA_PROXY"] = "1" if settings.proxy == "haproxy" else "0"
    close_ports(os.environ, Path.home())
    from ray._private import ray_constants
    from ray._raylet import Config  # type: ignore[attr-defined]

    # Where Ray was imported before, it decided already: as Ray does when it turns tokens on itself.
    ray_constants.ENABLE_RAY_CLUSTER = False
    Config.initialize("")


def _deployment_messages() -> list[str]:
    """What Serve says of each deployment; the text of what failed is only there."""
    from ray import serve

    application = serve.status().applications.get("tieout")
    return [one.message for one in application.deployments.values()] if application else []


def start_failure(reports: Sequence[str]) -> str:
    """One line of why the service did not start: the last error that a report tells of.

    >>> start_failure(["Traceback ...\\ntraining.sealing.CheckpointError: it is broken\\n"])
    'the service could not start: CheckpointError: it is broken'
    """
    pattern = r"^(?:\w+\.)*(\w*(?:Error|Exception|MissingProgram): .+?)\s*$"
    errors = [error for text in reports for error in re.findall(pattern, text, re.MULTILINE)]
    # Serve wraps the error it met in a RuntimeError with the whole traceback in its text.
    told = [error for error in errors if not error.startswith("RuntimeError: Traceback")]
    return f"the service could not start: {told[-1] if told else reports[-1].splitlines()[0]}"
