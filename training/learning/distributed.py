"""Distributed training: several processes train one network, as `torchrun` starts them.

    torchrun --nproc-per-node 4 -m training.train --config configs/train.yaml

Every process draws its own groups of pages (number `rank`, then every `world`-th) and takes
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
class ProcessPlace:
    """This process's number `rank` (from 0) of `world`, and its number `local` on this machine."""

    rank: int = 0
    world: int = 1
    local: int = 0

    @property
    def is_first(self) -> bool:
        return self.rank == 0


SINGLE_PROCESS = ProcessPlace()


def place_from_environment() -> ProcessPlace:
    """Read the place that `torchrun` gave this process; without it there is one process."""
    return ProcessPlace(
        int(os.environ.get("RANK", "0")),
        int(os.environ.get("WORLD_SIZE", "1")),
        int(os.environ.get("LOCAL_RANK", "0")),
    )


@contextmanager
def join_processes(place: ProcessPlace, device: Device) -> Iterator[None]:
    """Join the process group, over NCCL between GPUs and gloo between CPUs, and leave it again."""
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


def wrap_data_parallel(network: nn.Module, place: ProcessPlace, device: Device) -> nn.Module:
    """Wrap the network so that it averages gradients over all processes; unchanged for one.

    All begin with the weights of the first process.
    """
    if place.world == 1:
        return network
    ids = [device.torch_device] if device.is_gpu else None
    # A batch without pictures leaves the image branch out
    return nn.parallel.DistributedDataParallel(network, device_ids=ids, find_unused_parameters=True)


def gather_from_all(value: Any, place: ProcessPlace) -> list[Any]:
    """Return the values of all processes, in the order of their ranks, in each of them."""
    if place.world == 1:
        return [value]
    values: list[Any] = [None] * place.world
    distributed.all_gather_object(values, value)
    return values
