"""The Ray Serve application: which processes there are, how many, and what each may take on.

Thin on purpose: everything it calls runs and is tested without Ray. `http` keeps what is posted in
the stores and answers; `work` takes jobs from there and gives their attachments to `reading`, which
hands pages to `model` one by one and sends tagged pages (small, without images) back as they come.
No process remembers anything that matters: each may die at any time and be replaced.
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

# Requests a replica takes at once; Serve queues the others. Reading works on one page at a time,
# so a higher number only lets more documents take turns.
READING_AT_ONCE = 8
HTTP_AT_ONCE = 64
MODEL_AT_ONCE = 128
WAKING_AT_ONCE = 64
RETRY_AFTER_S = 5.0
_HANDING_BACK_S = 10.0
# A new replica is there before an old one goes: with one replica of a kind, the other way round
# every update would be an outage.
_SURGE_PERCENT = 100
# A constructor that fails, as over a checkpoint that is broken, fails again.
_TRIES_TO_START = 2


def build(args: Settings) -> Application:
    """The application for these settings; Ray's configuration file names this function."""
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
        # The page under way comes to its end.
        graceful_shutdown_timeout_s=page_budget_s(DEFAULT_LIMITS),
        ray_actor_options={"num_cpus": args.reading_cpus},
        **_replicas(args.reading_replicas),
    )(Reading).bind(args, model)
    work = serve.deployment(
        name="work",
        max_ongoing_requests=WAKING_AT_ONCE,
        graceful_shutdown_timeout_s=args.drain_s + _HANDING_BACK_S,
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


def _replicas(wanted: Replicas) -> dict[str, Any]:
    """What Serve is told of replicas, new ones and failing ones included."""
    options: dict[str, Any] = {
        "max_surge_percent": _SURGE_PERCENT,
        "max_constructor_retry_count": _TRIES_TO_START,
    }
    if isinstance(wanted, int):
        return options | {"num_replicas": wanted}
    scaling = AutoscalingConfig(
        min_replicas=wanted.least,
        max_replicas=wanted.most,
        target_ongoing_requests=wanted.ongoing,
        look_back_period_s=wanted.look_back_s,
        upscale_delay_s=wanted.up_delay_s,
        downscale_delay_s=wanted.down_delay_s,
    )
    return options | {"autoscaling_config": scaling}


def _model_gpus(settings: Settings) -> int:
    """GPUs for one model replica: a whole one where it is wanted or Ray sees enough."""
    if settings.device == "auto":
        wanted = settings.model_replicas
        least = wanted if isinstance(wanted, int) else wanted.least
        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        return int(resources.get("GPU", 0) >= least)
    return int(settings.device == "cuda")
