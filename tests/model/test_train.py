"""Training: a killed run continues without loss, and its checkpoint can be used at any time."""

from pathlib import Path

import pytest
import torch

from tests.support.tiny_run import TINY_RUN
from training import train as training
from training.learning.recipe import Recipe, load_recipe
from training.learning.stream import batches
from training.network.checkpoint import load_model
from training.network.device import choose_device


def recipe(folder: Path, *overrides: str) -> Recipe:
    return load_recipe(None, [*TINY_RUN, f"runs={folder}", *overrides])


def weights(checkpoint: Path) -> dict[str, torch.Tensor]:
    """The network of a run in full precision; the checkpoint itself is rounded and averaged."""
    assert set(load_model(checkpoint).state_dict())
    state = torch.load(checkpoint.parent / "state.pt", weights_only=True)
    return {**state["model"], **{f"average.{name}": w for name, w in state["average"].items()}}


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """The checkpoint of an uninterrupted run."""
    return training.train(recipe(tmp_path_factory.mktemp("whole")))


def killed(settings: Recipe, saved: int, lost: int) -> None:
    """A run that saved after some steps, took some more, and was killed."""
    settings.folder.mkdir(parents=True)
    run = training.Run(settings, choose_device("cpu"))
    stream = batches(settings)
    for _ in range(saved):
        run.train_step(next(stream))
    run.save()
    for _ in range(lost):
        run.train_step(next(stream))


@pytest.mark.parametrize(("saved", "lost"), [(3, 2), (5, 0)])
def test_a_killed_run_ends_with_the_weights_of_an_uninterrupted_one(
    tmp_path, finished, saved, lost, capsys
):
    settings = recipe(tmp_path)
    killed(settings, saved, lost)
    resumed = weights(training.train(settings))
    assert f"resumed at step {saved} of 8" in capsys.readouterr().err
    whole = weights(finished)
    assert all(torch.equal(resumed[name], whole[name]) for name in whole)


def test_a_stopped_run_has_a_checkpoint_that_can_be_used(tmp_path):
    settings = recipe(tmp_path)
    killed(settings, 1, 1)
    assert load_model(settings.folder / "checkpoint").config.width == 16


def test_what_a_run_leaves_behind(finished):
    run = finished.parent
    assert sorted(path.name for path in run.iterdir()) == ["checkpoint", "state.pt", "tensorboard"]
    assert list((run / "tensorboard").glob("events.out.tfevents.*"))
    assert "steps: 8\n" in (finished / "recipe.yaml").read_text()
    assert "for 8 of 8 steps" in " ".join((finished / "README.md").read_text().split())


def test_the_seed_decides_the_weights(tmp_path, finished):
    other = weights(training.train(recipe(tmp_path, "seed=2")))
    assert any(not torch.equal(other[name], value) for name, value in weights(finished).items())


def test_a_finished_run_is_not_trained_on(finished, capsys):
    before = weights(finished)
    runs = finished.parents[1]
    training.train(recipe(runs))
    assert "resumed at step 8 of 8" in capsys.readouterr().err
    assert all(torch.equal(value, before[name]) for name, value in weights(finished).items())


def test_training_can_start_from_a_checkpoint(tmp_path, finished):
    settings = recipe(tmp_path, f"start_from={finished}", "steps=1", "learning_rate=1e-12")
    started = weights(training.train(settings))
    origin = load_model(finished).state_dict()
    assert all(torch.allclose(started[name], value, atol=1e-6) for name, value in origin.items())


def test_the_learning_rate_warms_up_and_falls_to_nothing(tmp_path):
    run = training.Run(recipe(tmp_path, "steps=102"), choose_device("cpu"))
    shares = [run._learning_rate_share(step) for step in range(103)]
    assert shares[:3] == [0.5, 1.0, 1.0]
    assert shares[2:] == sorted(shares[2:], reverse=True)
    assert shares[52] == pytest.approx(0.5)
    assert shares[102] == pytest.approx(0.0)


def test_group_after_group_the_stream_is_the_same_wherever_it_is_entered(tmp_path):
    settings = recipe(tmp_path)
    stream = batches(settings)
    second = next(batch for batch in stream if batch.group == 1)
    entered = next(batches(settings, 1))
    assert torch.equal(second.tags, entered.tags)
    assert torch.equal(second.batch.features, entered.batch.features)
    assert max(second.batch.mask.shape[1], 0) <= 150


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("stepps=3", "did you mean 'steps'"),
        ("device=cuda:99", "was asked for"),
        ("start_from=/nowhere", "no config.json"),
        ("model.heads=5", "multiple of heads"),
    ],
)
def test_an_unusable_recipe_ends_with_2_and_one_line(tmp_path, override, message, capsys):
    if "cuda" in override and torch.cuda.is_available():
        pytest.skip("says what happens without a GPU")
    assert training.main([*TINY_RUN, f"runs={tmp_path}", override]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_another_network_cannot_go_on_where_a_run_stopped(finished, capsys):
    runs = finished.parents[1]
    assert training.main([*TINY_RUN, f"runs={runs}", "model.width=32"]) == 2
    assert "network of another size" in capsys.readouterr().err


def test_the_command_prints_where_the_checkpoint_is(tmp_path, capsys):
    assert training.main([*TINY_RUN, f"runs={tmp_path}", "steps=1", "name=quick"]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{tmp_path / 'quick' / 'checkpoint'}\n"
    assert printed.err.startswith("device cpu: asked for; float32; run ")


def test_the_log_holds_losses_speed_memory_and_drawn_pages(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    training.train(recipe(tmp_path, "steps=4", "evaluate_every_steps=4"))
    events = EventAccumulator(str(tmp_path / "default" / "tensorboard"))
    events.Reload()
    scalars = set(events.Tags()["scalars"])
    assert {f"train/{name}" for name in ("loss", "words_per_s", "memory_mib")} <= scalars
    assert {"held_out/words_right", "held_out/document_type_right"} <= scalars
    assert [event.step for event in events.Scalars("train/loss")] == [2, 4]
    assert 50 < events.Scalars("train/memory_mib")[0].value < 100_000
    pages = [tag for tag in events.Tags()["images"] if tag.startswith("held_out/page_")]
    assert len(pages) == 4
    (drawn,) = events.Images(pages[0])
    assert drawn.step == 4
    assert min(drawn.width, drawn.height) > 300
