"""One training run: the network, its moving average, the optimizer, and how far it has come."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL.Image import Image
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from training.evaluation.learned_from import LEARNED_FROM, LearnedFrom
from training.learning.distributed import (
    SINGLE_PROCESS,
    ProcessPlace,
    gather_from_all,
    wrap_data_parallel,
)
from training.learning.losses import Loss, compute_losses, tag_weights
from training.learning.real_pages import taught_tags
from training.learning.recipe import Recipe, RecipeError
from training.learning.start_weights import load_start_weights
from training.learning.stream import LabelledBatch
from training.learning.validation import drawn_pages, entity_scores, real_scores, tag_scores
from training.network.backbones import (
    BackboneConfig,
    BackboneError,
    BackboneReader,
    Network,
    load_pretrained,
)
from training.network.checkpoint import save_checkpoint
from training.network.device import Device, autocast
from training.network.model import LineItemReader, ModelConfig

REAL_SCORES = ("real_item_f1", "entity_f1")  # the first one measured decides which is best


@dataclass(frozen=True, slots=True)
class Notes:
    """Companions of the weights in a checkpoint: the model card, and the documents learned."""

    card: "Callable[[Run], str]"
    learned: LearnedFrom


class Run:
    """The state of a run; `notes` go with the checkpoints it saves."""

    def __init__(
        self,
        recipe: Recipe,
        device: Device,
        place: ProcessPlace = SINGLE_PROCESS,
        notes: Notes | None = None,
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
        self.best, self.best_step = -1.0, 0  # real score so far, and when it was reached
        self._notes = notes or Notes(lambda _: "", LearnedFrom(complete=False))

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
        self.write_checkpoint(self.recipe.folder / "checkpoint")
        resumable = {
            "step": self.step,
            "best": (self.best, self.best_step),
            "processes": processes,
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }
        # Written beside and moved over, so that a kill while saving loses nothing.
        part = self.recipe.folder / "state.pt.part"
        torch.save(resumable, part)
        part.replace(self.recipe.folder / "state.pt")

    def write_checkpoint(self, folder: Path) -> None:
        """Write the moving average as a checkpoint, with the documents that it learned from."""
        state = {name: value.clone() for name, value in self.average.module.state_dict().items()}
        files = self.model.files() if isinstance(self.model, BackboneReader) else {}
        save_checkpoint(
            folder,
            state,
            self.config,
            recipe=self.recipe.to_yaml(),
            card=self._notes.card(self),
            files=files | {LEARNED_FROM: self._notes.learned.to_json().encode()},
        )

    def keep_best(self, scores: Mapping[str, float]) -> bool:
        """Write the folder `best` where a real score is the highest yet.

        Returns whether the run should stop: no better one in `stop_after` evaluations.
        """
        score = next((scores[name] for name in REAL_SCORES if name in scores), None)
        if score is None:
            return False
        if score > self.best:
            self.best, self.best_step = score, self.step
            self.write_checkpoint(self.recipe.folder / "best")
        late = (self.step - self.best_step) // self.recipe.evaluate_every_steps
        return 0 < self.recipe.stop_after <= late

    def resume(self) -> bool:
        """Load `state.pt` if there is one; return whether there was.

        As many processes as before go on to the bit. Another number begins at the next group that
        none of them had begun, and draws its dropout anew.
        """
        path = self.recipe.folder / "state.pt"
        if not path.is_file():
            return False
        state = torch.load(path, map_location=self.device.torch_device, weights_only=True)
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
        self.step = state["step"]
        self.best, self.best_step = state.get("best", (self.best, self.best_step))
        self._resume_stream(state["processes"])
        return True

    def _resume_stream(self, processes: Sequence[Mapping[str, Any]]) -> None:
        if len(processes) != self.place.world:
            # Groups begun by any process are left behind: half a group is not done twice
            begun = max(int(process["group"]) for process in processes) + 1
            self.group, self.batches_done = begun + self.place.rank, 0
            torch.manual_seed(self.recipe.seed + self.place.rank + self.step)
            return
        mine = processes[self.place.rank]
        torch.set_rng_state(mine["random"].cpu())
        if self.device.is_gpu and mine["gpu_random"] is not None:
            torch.cuda.set_rng_state(mine["gpu_random"].cpu())
        self.group, self.batches_done = mine["group"], mine["batches_done"]

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
