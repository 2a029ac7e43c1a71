"""The Ray Serve application: its deployments, their replicas and their limits.

Thin on purpose: everything it calls runs and is tested without Ray. `http` stores posted jobs and
answers requests; `work` claims jobs and passes their attachments to `reading`, which passes pages
to `model` one by one and returns tagged pages (small, without images) as they come. No process
holds state that matters: each may die at any time and be replaced.
"""

from typing import Any

import ray
from ray import serve
from ray.serve import Application
from ray.serve.config import AutoscalingConfig, BackpressureConfig

from data.pages.attachments import DEFAULT_LIMITS
from serving.deployments.ingress import Http
from serving.deployments.model import Model
from serving.deployments.reading import Reading, page_budget_s
from serving.deployments.work import Work
from serving.settings import Replicas, Settings

# Concurrent requests of a replica; Serve queues the others. Reading works on one page at a time,
# so a higher number only lets more documents take turns.
READING_AT_ONCE = 8
HTTP_AT_ONCE = 64
MODEL_AT_ONCE = 128
WAKING_AT_ONCE = 64
RETRY_AFTER_S = 5.0
_RELEASE_S = 10.0
# A new replica starts before an old one stops: with one replica of a deployment, the other way
# round every update would be an outage.
_SURGE_PERCENT = 100
# A constructor that fails, for example on a broken checkpoint, would fail again.
_TRIES_TO_START = 2


def build(args: Settings) -> Application:
    """Return the application for these settings; Ray's configuration file names this function."""
    full = BackpressureConfig(status_code=503, retry_after_s=RETRY_AFTER_S)
    model = serve.deployment(
        name="model",
        max_ongoing_requests=MODEL_AT_ONCE,
        ray_actor_options={"num_cpus": args.model_cpus, "num_gpus": _model_gpus(args)},
        **_replicas(args.model_replicas),
    )(Model).bind(args)
    reading = serve.deployment(
        name="reading",
        max_ongoing_requests=READING_AT_ONCE,
        max_queued_requests=args.queued_readings,
        backpressure_config=full,
        # The page being read is finished.
        graceful_shutdown_timeout_s=page_budget_s(DEFAULT_LIMITS),
        ray_actor_options={"num_cpus": args.reading_cpus},
        **_replicas(args.reading_replicas),
    )(Reading).bind(args, model)
    work = serve.deployment(
        name="work",
        max_ongoing_requests=WAKING_AT_ONCE,
        graceful_shutdown_timeout_s=args.drain_s + _RELEASE_S,
        ray_actor_options={"num_cpus": 0},
        **_replicas(args.work_replicas),
    )(Work).bind(args, reading, model)
    return serve.deployment(
        name="http",
        max_ongoing_requests=HTTP_AT_ONCE,
        max_queued_requests=args.queued_requests,
        backpressure_config=full,
        graceful_shutdown_timeout_s=60,
        ray_actor_options={"num_cpus": 0},
        **_replicas(args.http_replicas),
    )(serve.ingress()(Http)).bind(args, work, reading, model)


def _replicas(replicas: Replicas) -> dict[str, Any]:
    """Return Serve's options for the number, start and update of replicas."""
    options: dict[str, Any] = {
        "max_surge_percent": _SURGE_PERCENT,
        "max_constructor_retry_count": _TRIES_TO_START,
    }
    if isinstance(replicas, int):
        return options | {"num_replicas": replicas}
    scaling = AutoscalingConfig(
        min_replicas=replicas.least,
        max_replicas=replicas.most,
        target_ongoing_requests=replicas.ongoing,
        look_back_period_s=replicas.look_back_s,
        upscale_delay_s=replicas.up_delay_s,
        downscale_delay_s=replicas.down_delay_s,
    )
    return options | {"autoscaling_config": scaling}


def _model_gpus(settings: Settings) -> int:
    """Return the GPUs of one model replica: 1 where the settings ask for it or Ray has enough."""
    if settings.device == "auto":
        replicas = settings.model_replicas
        minimum_replicas = replicas if isinstance(replicas, int) else replicas.least
        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        return int(resources.get("GPU", 0) >= minimum_replicas)
    return int(settings.device == "cuda")
