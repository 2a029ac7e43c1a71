"""Train the model: `python -m training.train`, from a recipe to a checkpoint.

    python -m training.train --config configs/train.yaml
    python -m training.train --config configs/train-smoke.yaml
    python -m training.train --config configs/train.yaml steps=2000 name=quick

    torchrun --nproc-per-node 4 -m training.train --config configs/train.yaml

Writes `runs/NAME/checkpoint` (complete and usable at any time), `runs/NAME/best` (the best on real
pages held out, where there are any), `runs/NAME/state.pt` (to resume) and TensorBoard logs.
Started again with the same name, a run continues where it stopped. Several processes that train
together: see `training.learning.distributed`.
"""

import argparse
import sys
from pathlib import Path

import torch

from data.corpora.truth import CorpusError
from training.evaluation.fingerprints import generator_hash, labels_hash
from training.families.taught import learned_from
from training.learning.distributed import gather_from_all, join_processes, place_from_environment
from training.learning.log import TrainingLog
from training.learning.recipe import Recipe, RecipeError, load_recipe
from training.learning.run import Notes, Run
from training.learning.stream import batches
from training.network.checkpoint_seal import CheckpointError
from training.network.device import DeviceError, choose_device, choose_precision


def train(recipe: Recipe) -> Path:
    """Train to `recipe.steps`; return the checkpoint folder."""
    torch.set_num_threads(recipe.threads)
    place = place_from_environment()
    device = choose_device(recipe.device, place.local if place.world > 1 else None)
    recipe.folder.mkdir(parents=True, exist_ok=True)
    with join_processes(place, device):
        run = Run(recipe, device, place, Notes(write_model_card, learned_from(recipe)))
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
        if run.step % recipe.evaluate_every_steps == 0 and _evaluate(run, log):
            break
        if run.step % recipe.save_every_steps == 0:
            run.save()
        if run.step >= recipe.steps:
            break


def _evaluate(run: Run, log: TrainingLog | None) -> bool:
    """Score, log and keep the best; return whether all processes should stop."""
    stop = False
    if log is not None:
        scores = run.evaluate()
        log.write_scores(run.step, scores)
        log.write_pages(run.step, run.example_pages())
        if stop := run.keep_best(scores):
            sys.stderr.write(f"stopped: no better score since step {run.best_step}\n")
    return any(gather_from_all(stop, run.place))


def write_model_card(run: Run) -> str:
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
