"""Several processes that train one network together, as `torchrun` starts them.

    torchrun --nproc-per-node 4 -m training.train --config configs/train.yaml

Every process draws its own groups of pages (`Place.rank`, then every `Place.world`-th) and takes
its own batches of `words_per_batch`; gradients are averaged over all before each step. The first
process alone scores, logs and saves. Without `torchrun` there is one process and nothing to join.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import distributed, nn

from training.network.device import Device


@dataclass(frozen=True, slots=True)
class Place:
    """Which of `world` processes this is (`rank` from 0), and which on its machine (`local`)."""

    rank: int = 0
    world: int = 1
    local: int = 0

    @property
    def is_first(self) -> bool:
        return self.rank == 0


ALONE = Place()


def own_place() -> Place:
    """The place that `torchrun` gave this process; the only one without it."""
    return Place(
        int(os.environ.get("RANK", "0")),
        int(os.environ.get("WORLD_SIZE", "1")),
        int(os.environ.get("LOCAL_RANK", "0")),
    )


@contextmanager
def joined(place: Place, device: Device) -> Iterator[None]:
    """Meet the other processes, over NCCL between GPUs and gloo between CPUs, and part again."""
    if place.world == 1:
        yield
        return
    if device.is_gpu:
        torch.cuda.set_device(device.torch_device)
    distributed.init_process_group("nccl" if device.is_gpu else "gloo")
    try:
        yield
    finally:
        distributed.destroy_process_group()


def in_step(network: nn.Module, place: Place, device: Device) -> nn.Module:
    """The network that averages its gradients over all processes; the same one where it is alone.

    All begin with the weights of the first process.
    """
    if place.world == 1:
        return network
    ids = [device.torch_device] if device.is_gpu else None
    # A batch without pictures leaves the image branch out
    return nn.parallel.DistributedDataParallel(network, device_ids=ids, find_unused_parameters=True)


def from_all(value: Any, place: Place) -> list[Any]:
    """What every process holds, in the order of their ranks, for each of them."""
    if place.world == 1:
        return [value]
    values: list[Any] = [None] * place.world
    distributed.all_gather_object(values, value)
    return values
