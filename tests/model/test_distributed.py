"""Several processes train one network: they divide the pages, and continue where they stopped."""

import subprocess
import sys
from pathlib import Path

import torch

from tests.support.tiny_run import TINY_RUN
from training.learning.distributed import (
    SINGLE_PROCESS,
    gather_from_all,
    place_from_environment,
    wrap_data_parallel,
)
from training.learning.recipe import load_recipe
from training.network.checkpoint import load_model
from training.network.device import choose_device
from training.train import train

RUN = [*TINY_RUN, "save_every_steps=100", "evaluate_every_steps=100"]


def together(folder: Path, *overrides: str) -> str:
    """Run two processes, as `torchrun` starts them; return their log."""
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command = [*torchrun, "--nproc-per-node", "2", "-m", "training.train", *RUN]
    command += [f"runs={folder}", *overrides]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stderr


def state(folder: Path) -> dict:
    return torch.load(folder / "default" / "state.pt", weights_only=True)


def test_two_processes_train_one_network_and_go_on_where_they_stopped(tmp_path):
    # The learning rate of the first two steps does not depend on how many follow
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    log = together(whole, "steps=4")
    together(parts, "steps=2")
    assert "2 processes" in log
    assert "resumed at step 2 of 4" in together(parts, "steps=4")
    first, second = state(whole), state(parts)
    assert len(first["processes"]) == 2
    ranks = [process["group"] % 2 for process in first["processes"]]
    assert ranks == [0, 1]  # each took every other group of pages
    assert all(torch.equal(first["model"][name], second["model"][name]) for name in first["model"])
    assert load_model(whole / "default" / "checkpoint")
    logs = list((whole / "default" / "tensorboard").iterdir())
    assert len(logs) == 1  # one process writes
    # One process goes on where two stopped, with groups that none of them had begun
    begun = max(process["group"] for process in second["processes"])
    train(load_recipe(None, [*RUN, f"runs={parts}", "steps=6"]))
    alone = state(parts)
    assert (alone["step"], len(alone["processes"])) == (6, 1)
    assert alone["processes"][0]["group"] > begun


def test_one_process_has_nothing_to_join():
    assert place_from_environment() == SINGLE_PROCESS
    assert SINGLE_PROCESS.is_first
    network = torch.nn.Linear(2, 2)
    assert wrap_data_parallel(network, SINGLE_PROCESS, choose_device("cpu")) is network
    assert gather_from_all("state", SINGLE_PROCESS) == ["state"]
