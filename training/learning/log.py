"""The log of a training run: progress bar, lines on stderr, TensorBoard."""

import resource
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL.Image import Image
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from training.learning.losses import Loss
from training.learning.recipe import Recipe
from training.learning.stream import LabelledBatch


class TrainingLog:
    """The log of one run from `step` on, with the figures of the process that writes it."""

    def __init__(self, recipe: Recipe, step: int, *, resumed: bool) -> None:
        self.recipe = recipe
        logs = str(recipe.folder / "tensorboard")
        self.writer = SummaryWriter(logs, purge_step=step if resumed else None)
        shown = sys.stderr.isatty()
        self.bar = tqdm(total=recipe.steps, initial=step, unit="step", disable=not shown)
        self._restart_clock()

    def _restart_clock(self) -> None:
        self.started, self.taken_pages, self.taken_words = time.monotonic(), 0, 0

    def write_step(
        self, step: int, labelled: LabelledBatch, loss: Loss, learning_rate: float
    ) -> None:
        """Count a step; write losses, speed and memory every `log_every_steps`."""
        self.taken_pages += len(labelled.kinds)
        self.taken_words += sum(labelled.batch.lengths)
        self.bar.update()
        every = self.recipe.log_every_steps
        if step % every:
            return
        seconds = time.monotonic() - self.started
        figures = {
            "loss": loss.total.item(),
            "tags": loss.tags.item(),
            "pairs": loss.pairs.item(),
            "types": loss.types.item(),
            "marks": loss.marks.item(),
            "structure": loss.structure.item(),
            "pages_per_s": self.taken_pages / seconds,
            "words_per_s": self.taken_words / seconds,
            "learning_rate": learning_rate,
            **memory_mib(),
        }
        for name, value in figures.items():
            self.writer.add_scalar(f"train/{name}", value, step)
        rounded = {name: round(value, 4) for name, value in figures.items()}
        self.bar.set_postfix(rounded)
        if self.bar.disable and step % (10 * every) == 0:
            sys.stderr.write(f"step {step}/{self.recipe.steps} {rounded}\n")
        self._restart_clock()

    def write_scores(self, step: int, scores: Mapping[str, float]) -> None:
        """Write scores on pages that are not trained on."""
        for name, value in scores.items():
            self.writer.add_scalar(f"held_out/{name}", value, step)
        rounded = {name: round(value, 4) for name, value in scores.items()}
        sys.stderr.write(f"step {step} held-out {rounded}\n")
        self._restart_clock()

    def write_pages(self, step: int, drawn: Sequence[Image]) -> None:
        """Write drawings of pages with the network's predictions."""
        for number, page in enumerate(drawn):
            pixels = np.asarray(page.convert("RGB"))
            self.writer.add_image(f"held_out/page_{number}", pixels, step, dataformats="HWC")

    def close(self) -> None:
        self.bar.close()
        self.writer.close()


def memory_mib() -> dict[str, float]:
    """Return the peak memory of this process so far, in MiB: its own, and a GPU's."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    held = {"memory_mib": peak / (1024 * 1024 if sys.platform == "darwin" else 1024)}
    if torch.cuda.is_available():
        held["gpu_memory_mib"] = torch.cuda.max_memory_allocated() / 2**20
    return held


def read_scalars(run: Path) -> dict[str, list[tuple[int, float]]]:
    """Return the scalars that a run's folder logged, by name: (step, value) in order of steps.

    `run` is `runs/NAME`, or its `tensorboard` folder. A run that logged nothing has none.
    """
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder = run / "tensorboard" if (run / "tensorboard").is_dir() else run
    if not folder.is_dir():
        raise ValueError(f"{folder}: no such folder; want that of a training run, as runs/NAME")
    events = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    events.Reload()
    return {
        name: [(event.step, event.value) for event in events.Scalars(name)]
        for name in events.Tags()["scalars"]
    }
