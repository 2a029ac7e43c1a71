"""Start and stop of the service on this machine, without leaving a process behind."""

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

OBJECT_STORE_BYTES = 300_000_000  # attachments and pages being passed between processes

_RELEASE_S = 10.0  # to release the jobs that are still running when their time is over

# Environment that tunes every process of the service. The images of `configs` set the same, for
# clusters that Ray's own commands start; a test keeps them in step.
TUNING = {
    # One event loop for each replica instead of three: nothing blocks it, and passing requests
    # between threads costs more than most of them.
    "RAY_SERVE_RUN_USER_CODE_IN_SEPARATE_THREAD": "0",
    "RAY_SERVE_RUN_ROUTER_IN_SEPARATE_LOOP": "0",
    # By default Serve's controller checks the replicas ten times a second; twice costs less CPU.
    "RAY_SERVE_CONTROL_LOOP_INTERVAL_S": "0.5",
    # By default glibc returns memory to the kernel after a pass of the model and allocates it again
    # in the next, up to a third of a pass in page faults; and it keeps an arena for every thread,
    # whose gaps add up over days. 32 MiB is the maximum of the first setting.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(256 * 2**20),
    "MALLOC_ARENA_MAX": "2",
}


class StartFailed(RuntimeError):
    """A part of the service could not start; the message quotes its error."""


class PortTaken(RuntimeError):
    """The port is in use; the message gives the remedy."""


def free_port() -> int:
    """Return a TCP port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def refuse_taken_port(host: str, port: int) -> None:
    """Raise `PortTaken` unless the service can listen on the address."""
    with socket.socket() as probe:
        # Like servers: a port in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"cannot listen on {host}:{port} ({error.strerror}); stop the program that uses"
                " it, or choose another address with --host and --port"
            ) from error


@contextlib.contextmanager
def run_service(service: ServiceFile) -> Iterator[str]:
    """Run the service for the block and yield its address; afterwards no process of it is left.

    It always starts a Ray of its own, closed to other machines but for HTTP: one that already runs
    on this machine is not touched. Raises `PortTaken`, `StartFailed`.
    """
    service.refuse_exposed()
    options, settings = service.http_options, service.settings
    _refuse_missing_key(settings)
    refuse_taken_port(options.host, options.port)
    if settings.metrics_port is not None:
        # Where the port is in use, Ray's agent dies, and the node with it.
        refuse_taken_port("127.0.0.1", settings.metrics_port)
    _prepare_environment(settings)
    import ray
    from ray import serve

    from serving.app import build

    # Serve logs every deployment to stderr of the program that starts it.
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
        # Ray installs its own handlers: a signal during the start would end the program at once.
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
                    _drain_jobs(settings)
                except Exception as error:  # without any worker left there is nothing to wait for
                    logger.warning("running jobs could not be drained: %s", type(error).__name__)
            # Lets running requests end. Not `serve.shutdown`: it kills its own controller in the
            # middle of a task, which Ray then logs on this program's streams. What has not ended
            # within a minute ends with Ray; jobs are durable.
            with contextlib.suppress(RuntimeError, TimeoutError, ray.exceptions.RayError):
                serve.delete("tieout")
            ray.shutdown()


def _refuse_missing_key(settings: Settings) -> None:
    """Raise `StartFailed` for a missing key now, and make its file before any process needs it."""
    from serving.store.database import DatabaseError, database_folder
    from serving.store.secret_box import SecretKeyError, open_box

    try:
        open_box(os.environ, database_folder(settings.database_url))
    except (DatabaseError, SecretKeyError) as error:
        raise StartFailed(f"the service could not start: {error}") from error


def _signal_handlers() -> dict[int, Callable[[int, FrameType | None], Any]]:
    """Return the handlers of SIGINT and SIGTERM that this program has set, to restore them."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    set_now = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    return {number: handler for number, handler in set_now.items() if callable(handler)}


def _drain_jobs(settings: Settings) -> None:
    """Let running jobs finish or be released while the deployments they need still run."""
    from ray import serve

    if "tieout" not in serve.status().applications:
        return
    work: Any = serve.get_deployment_handle("work", "tieout")

    async def drain() -> None:
        # A handle without a loop of its own works only in a running one.
        await work.broadcast("drain").results_async(timeout_s=settings.drain_s + _RELEASE_S)

    asyncio.run(drain())


def _prepare_environment(settings: Settings) -> None:
    """Set the environment that Ray reads on import and start, and that its processes inherit."""
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

    # If Ray is imported already, its configuration is read again, as Ray itself does for tokens.
    ray_constants.ENABLE_RAY_CLUSTER = False
    Config.initialize("")


def _deployment_messages() -> list[str]:
    """Return Serve's message about each deployment, the only place with the text of a failure."""
    from ray import serve

    application = serve.status().applications.get("tieout")
    return (
        [deployment.message for deployment in application.deployments.values()]
        if application
        else []
    )


def start_failure(reports: Sequence[str]) -> str:
    """Return one line with the reason why the service did not start: the last reported error.

    >>> start_failure(["...\\ntraining.network.checkpoint_seal.CheckpointError: it is broken\\n"])
    'the service could not start: CheckpointError: it is broken'
    """
    pattern = r"^(?:\w+\.)*(\w*(?:Error|Exception|MissingProgram): .+?)\s*$"
    errors = [error for text in reports for error in re.findall(pattern, text, re.MULTILINE)]
    # Serve wraps the original error in a RuntimeError with the whole traceback in its text.
    causes = [error for error in errors if not error.startswith("RuntimeError: Traceback")]
    return f"the service could not start: {causes[-1] if causes else reports[-1].splitlines()[0]}"
