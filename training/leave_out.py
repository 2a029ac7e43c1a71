"""Score a recipe, or a checkpoint, by families of layouts; those it never saw stand apart.

    python -m training.leave_out --out DIR [--form cheap|full] [--recipe FILE] [key=value ...]
    python -m training.leave_out --out DIR --checkpoint DIR

The first form trains the recipe of the plan once for each fold, without the families of that fold,
and scores it on them: every family that may be trained on is left out exactly once. `key=value`
changes the recipe, such as `start_from=DIR`. The second trains nothing: it scores a checkpoint on
every family and says for each whether the checkpoint learned from it, by the hashes of documents.

Writes `report.json`, `report.md` and all predictions into --out; the report also goes to stdout.
A run that was stopped continues where it stopped. The exit status is 0, or 2 when the plan, the
recipe or a corpus cannot be used.
"""

import argparse
import logging
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from data.corpora.readings import DEFAULT_CACHE
from data.corpora.truth import CorpusError
from training.families.measurement import Measurement, measure_checkpoint, measure_recipe
from training.families.plan import PlanError, load_plan
from training.families.tables import contents_to_markdown
from training.learning.recipe import RecipeError, load_recipe
from training.network.checkpoint_seal import CheckpointError
from training.network.device import DeviceError
from training.train import train

UNUSABLE = 2  # exit status: the call or its input cannot be used
STOPPED = 130  # exit status: interrupted, as shells have it
_PLAN = Path("configs/leave-out.yaml")
_CHECKPOINT_FORM = "full"  # nothing is trained: all documents are read
_RECIPE_FORM = "cheap"


def main(argv: list[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        report = _measure(arguments)
    except (
        *(PlanError, RecipeError, CorpusError, CheckpointError, DeviceError),
        *(ValueError, OSError),
    ) as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return UNUSABLE
    except BrokenProcessPool:
        sys.stderr.write(
            "a reading process was killed, perhaps for lack of memory; what was done is kept: run "
            "the same command to continue (fewer --workers need less memory)\n"
        )
        return UNUSABLE
    except KeyboardInterrupt:
        sys.stderr.write("stopped; what was done is kept: run the same command to continue\n")
        return STOPPED
    sys.stdout.write(contents_to_markdown(report))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.leave_out")
    parser.add_argument("--plan", type=Path, default=_PLAN, help=f"default: {_PLAN}")
    parser.add_argument("--out", type=Path, required=True, help="folder for all that is made")
    parser.add_argument("--recipe", type=Path, help="default: the one that the plan names")
    parser.add_argument("--form", help="cheap or full; default: full for a checkpoint, else cheap")
    parser.add_argument("--checkpoint", type=Path, help="score this one, train nothing")
    parser.add_argument(
        "--allow-seen",
        action="store_true",
        help="start even from weights that saw what is left out; the report then says so",
    )
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda: of the reading")
    parser.add_argument("--workers", type=int, help="reading processes; default: one a core")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="folder of pages read")
    parser.add_argument(
        "overrides", nargs="*", metavar="key=value", help="key of the recipe to change"
    )
    return parser


def _measure(arguments: argparse.Namespace) -> dict[str, Any]:
    plan = load_plan(arguments.plan)
    default = _RECIPE_FORM if arguments.checkpoint is None else _CHECKPOINT_FORM
    measurement = Measurement(
        plan,
        arguments.form or default,
        arguments.out,
        arguments.device,
        arguments.workers,
        arguments.cache,
        arguments.allow_seen,
    )
    if arguments.checkpoint is not None:
        if arguments.overrides or arguments.allow_seen or arguments.recipe is not None:
            raise PlanError(
                "--checkpoint trains nothing: leave out key=value, --recipe and --allow-seen"
            )
        return measure_checkpoint(measurement, arguments.checkpoint)
    recipe = load_recipe(
        arguments.recipe or plan.recipe, [*measurement.form.recipe, *arguments.overrides]
    )
    return measure_recipe(measurement, recipe, train)


if __name__ == "__main__":
    raise SystemExit(main())
