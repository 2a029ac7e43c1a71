"""Train the model: `python -m training.train`, from a recipe to a checkpoint.

    python -m training.train --config configs/train.yaml
    python -m training.train --config configs/train-smoke.yaml
    python -m training.train --config configs/train.yaml steps=2000 name=quick

    torchrun --nproc-per-node 4 -m training.train --config configs/train.yaml

Writes `runs/NAME/checkpoint` (complete and usable at any time), `runs/NAME/state.pt` (to resume)
and TensorBoard logs. Started again with the same name, a run continues where it stopped. Several
processes that train together: see `training.learning.distributed`.
"""

import argparse
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from PIL.Image import Image
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from data.corpora.truth import CorpusError
from training.evaluation.fingerprints import generator_hash, labels_hash
from training.learning.distributed import (
    SINGLE_PROCESS,
    ProcessPlace,
    gather_from_all,
    join_processes,
    place_from_environment,
    wrap_data_parallel,
)
from training.learning.log import TrainingLog
from training.learning.losses import Loss, compute_losses, tag_weights
from training.learning.real_pages import taught_tags
from training.learning.recipe import Recipe, RecipeError, load_recipe
from training.learning.start_weights import load_start_weights
from training.learning.stream import LabelledBatch, batches
from training.learning.validation import drawn_pages, entity_scores, real_scores, tag_scores
from training.network.backbones import (
    BackboneConfig,
    BackboneError,
    BackboneReader,
    Network,
    load_pretrained,
)
from training.network.checkpoint import save_checkpoint
from training.network.checkpoint_seal import CheckpointError
from training.network.device import (
    Device,
    DeviceError,
    autocast,
    choose_device,
    choose_precision,
)
from training.network.model import LineItemReader, ModelConfig


class Run:
    """One training run: the network, its moving average, the optimizer and the progress."""

    def __init__(
        self, recipe: Recipe, device: Device, place: ProcessPlace = SINGLE_PROCESS
    ) -> None:
        self.recipe = recipe
        self.device = device
        self.place = place
        torch.manual_seed(recipe.seed)
        model = _build_network(recipe)
        self.config = model.config
        if recipe.start_from is not None:
            load_start_weights(model, recipe.start_from)
        self.model = model.to(device.torch_device)
        self.parallel_model = wrap_data_parallel(self.model, place, device)
        torch.manual_seed(recipe.seed + place.rank)  # each process draws its own dropout
        self.average = AveragedModel(
            self.model, multi_avg_fn=_moving_average_step(recipe.average_decay)
        )
        decayed = [p for p in self.model.parameters() if p.ndim > 1]
        plain = [p for p in self.model.parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": decayed, "weight_decay": recipe.weight_decay},
                {"params": plain, "weight_decay": 0.0},
            ],
            lr=recipe.learning_rate,
            betas=(0.9, 0.98),
            fused=True,
        )
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._learning_rate_share)
        self.weights = tag_weights(recipe, self.config.tags, device.torch_device)
        self.step = 0
        self.group = place.rank
        self.batches_done = 0  # of the current group

    def _learning_rate_share(self, step: int) -> float:
        """The share of the peak learning rate: linear warm-up, then half a cosine to 0."""
        recipe = self.recipe
        if step < recipe.warmup_steps:
            return (step + 1) / recipe.warmup_steps
        done = (step - recipe.warmup_steps) / max(1, recipe.steps - recipe.warmup_steps)
        return 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))

    def train_step(self, labelled: LabelledBatch) -> Loss:
        """Take one optimizer step; return the loss before it."""
        truth = labelled.to(self.device.torch_device)
        self.model.train()
        with autocast(self.device, self.recipe.precision):
            output = self.parallel_model(truth.batch)
            loss = compute_losses(output, truth, self.recipe, self.weights)
        loss.total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.gradient_clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.schedule.step()
        self.average.update_parameters(self.model)
        self.step += 1
        self.batches_done += 1
        if labelled.last_of_group:
            self.group, self.batches_done = labelled.group + self.place.world, 0
        return loss

    def save(self) -> None:
        """Write the checkpoint folder (from the moving average) and the state to resume from.

        All processes have to call it; the first one writes.
        """
        process_state = {
            "group": self.group,
            "batches_done": self.batches_done,
            "random": torch.get_rng_state(),
            "gpu_random": torch.cuda.get_rng_state() if self.device.is_gpu else None,
        }
        processes = gather_from_all(process_state, self.place)
        if not self.place.is_first:
            return
        folder = self.recipe.folder
        state = {name: value.clone() for name, value in self.average.module.state_dict().items()}
        card = _model_card(self)
        recipe = self.recipe.to_yaml()
        files = self.model.files() if isinstance(self.model, BackboneReader) else None
        save_checkpoint(
            folder / "checkpoint", state, self.config, recipe=recipe, card=card, files=files
        )
        resumable = {
            "step": self.step,
            "processes": processes,
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }
        # Written beside and moved over, so that a kill while saving loses nothing.
        torch.save(resumable, folder / "state.pt.part")
        (folder / "state.pt.part").replace(folder / "state.pt")

    def resume(self) -> bool:
        """Load `state.pt` if there is one; return whether there was."""
        path = self.recipe.folder / "state.pt"
        if not path.is_file():
            return False
        state = torch.load(path, map_location=self.device.torch_device, weights_only=True)
        processes = state.get("processes", ())
        if len(processes) != self.place.world:
            raise RecipeError(
                f"{path}: the stopped run had {len(processes)} processes, this one has "
                f"{self.place.world}; start as many, or use another name"
            )
        try:
            self.model.load_state_dict(state["model"])
        except RuntimeError as error:
            raise RecipeError(
                f"{path}: the stopped run has a network of another size; "
                "use its recipe, or another name"
            ) from error
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        process_state = processes[self.place.rank]
        torch.set_rng_state(process_state["random"].cpu())
        if self.device.is_gpu and process_state["gpu_random"] is not None:
            torch.cuda.set_rng_state(process_state["gpu_random"].cpu())
        self.step, self.group = state["step"], process_state["group"]
        self.batches_done = process_state["batches_done"]
        return True

    def evaluate(self) -> dict[str, float]:
        """Score the average on pages that are not trained on (`training.learning.validation`)."""
        network: Any = self.average.module.eval()
        if self.recipe.labels == "entities":
            return entity_scores(network, self.recipe, self.device)
        scores = tag_scores(network, self.recipe, self.device)
        return scores | real_scores(network, self.recipe, self.device)

    def example_pages(self) -> list[Image]:
        """Draw held-out pages with the average's predictions, for people to look at."""
        if self.recipe.labels == "entities":
            return []
        network: Any = self.average.module.eval()
        return drawn_pages(network, self.recipe, self.device)


def train(recipe: Recipe) -> Path:
    """Train to `recipe.steps`; return the checkpoint folder."""
    torch.set_num_threads(recipe.threads)
    place = place_from_environment()
    device = choose_device(recipe.device, place.local if place.world > 1 else None)
    recipe.folder.mkdir(parents=True, exist_ok=True)
    with join_processes(place, device):
        run = Run(recipe, device, place)
        resumed = run.resume()
        log = TrainingLog(recipe, run.step, resumed=resumed) if place.is_first else None
        if log is not None:
            together = f"; {place.world} processes" if place.world > 1 else ""
            precision = choose_precision(device, recipe.precision)
            line = f"device {device}; {precision}; run {recipe.folder}{together}"
            sys.stderr.write(f"{line}\n")
            if resumed:
                sys.stderr.write(f"resumed at step {run.step} of {recipe.steps}\n")
        _run_steps(run, log)
        if log is not None:
            log.close()
        run.save()
    return recipe.folder / "checkpoint"


def _run_steps(run: Run, log: TrainingLog | None) -> None:
    recipe = run.recipe
    if run.step >= recipe.steps:
        return
    skip = run.batches_done
    for labelled in batches(recipe, run.group, run.config.tags, run.place.world):
        if skip:  # already done before the interruption
            skip -= 1
            continue
        loss = run.train_step(labelled)
        if log is not None:
            log.write_step(run.step, labelled, loss, float(run.schedule.get_last_lr()[0]))
            if run.step % recipe.evaluate_every_steps == 0:
                log.write_scores(run.step, run.evaluate())
                log.write_pages(run.step, run.example_pages())
        if run.step % recipe.save_every_steps == 0:
            run.save()
        if run.step >= recipe.steps:
            break


_Weights = tuple[Tensor, ...] | list[Tensor]


def _moving_average_step(decay: float) -> Callable[[_Weights, _Weights, Tensor | int], None]:
    """Return the update of a moving average whose memory grows with the run.

    So a short run forgets its beginning.
    """

    @torch.no_grad()
    def update(average: _Weights, new: _Weights, updates: Tensor | int) -> None:
        done = int(updates)
        share = 1 - min(decay, (1 + done) / (10 + done))
        torch._foreach_lerp_(average, new, share)

    return update


def _build_network(recipe: Recipe) -> Network:
    """Build the network of the recipe before its first step: a pretrained backbone, or ours."""
    tags, backbone = taught_tags(recipe), recipe.model.backbone
    if backbone is None:
        size = recipe.model.model_dump(exclude={"backbone"})
        reader = LineItemReader(ModelConfig(**size, labels=recipe.labels, tags=tags))
        reader.learns_distances = recipe.learn_distances
        return reader
    config = BackboneConfig(
        backbone.kind, recipe.model.dropout, recipe.model.pair_width, recipe.labels, tags
    )
    try:
        return load_pretrained(config, backbone.name)
    except BackboneError as error:
        raise RecipeError(str(error)) from error


def _model_card(run: Run) -> str:
    parameters = sum(p.numel() for p in run.model.parameters()) / 1e6
    corpora = ", ".join(
        f"{c.path.name} ({c.share:.0%}, labels {labels_hash(c.path)})" for c in run.recipe.corpora
    )
    recipe = run.recipe
    synthetic = 1 - sum(corpus.share for corpus in recipe.corpora)
    title = "entity reader" if recipe.labels == "entities" else "line-item reader"
    licence = ", Apache-2.0" if recipe.model.backbone is None else ""
    network = "Word-level vision-and-layout model"
    origin = "from scratch"
    if recipe.model.backbone is not None:
        network = f"{recipe.model.backbone.kind} of transformers under our heads"
        origin = "from pretrained weights, whose licence holds for these too,"
    if recipe.start_from is not None:
        origin = f"from the checkpoint {recipe.start_from.name}"
    return f"""# Tieout {title}

{network}, {parameters:.1f} M parameters, {len(run.config.tags)} tags.

- Trained {origin} for {run.step} of {recipe.steps} steps
  ({recipe.words_per_batch} padded words each), {synthetic:.0%} on generated pages (seed
  {recipe.seed}, {recipe.image_share:.0%} of them with pixels); real corpora mixed in:
  {corpora or "none"}.
- Generated pages follow from `data/synthesis` (SHA-256 begins {generator_hash()}) and the seed.
- The exact recipe is in `recipe.yaml`; weights are float16 safetensors{licence}.
- Confidences are the network's own unless `calibration.json` is present.
- Limits: figures on real documents are in the project's README; synthetic accuracy predicts little
  about real paper. Handwriting is not read.
"""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.train",
        description="Train a model from a recipe.",
        epilog="every key: configs/train.yaml",
    )
    parser.add_argument("--config", type=Path, help="recipe in YAML; without it, all defaults")
    parser.add_argument(
        "overrides", nargs="*", metavar="key=value", help="key of the recipe to change: steps=2000"
    )
    arguments = parser.parse_args(argv)
    try:
        recipe = load_recipe(arguments.config, arguments.overrides)
        folder = train(recipe)
    except (RecipeError, CheckpointError, CorpusError, DeviceError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{folder}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
