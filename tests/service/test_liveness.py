"""Work that hangs is noticed by its age, whatever else the process still does."""

import pytest

from serving.service.liveness import Progress, Stuck


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("age", "stuck"), [(0, False), (60, False), (61, True)])
def test_a_unit_older_than_its_budget_is_stuck(age: float, stuck: bool) -> None:
    clock = Clock()
    progress = Progress(clock)
    with progress.unit():
        clock.now = age
        if stuck:
            with pytest.raises(Stuck, match="a page has taken 61 s so far, at most 60 s"):
                progress.raise_if_stuck("a page", 60)
        else:
            progress.raise_if_stuck("a page", 60)
    progress.raise_if_stuck("a page", 60)


def test_the_oldest_of_several_counts() -> None:
    clock = Clock()
    progress = Progress(clock)
    with progress.unit():
        clock.now = 50
        with progress.unit():
            assert progress.running() == 2
        clock.now = 61
        with pytest.raises(Stuck):
            progress.raise_if_stuck("a page", 60)


def test_a_unit_that_failed_has_ended() -> None:
    clock = Clock()
    progress = Progress(clock)
    with pytest.raises(ValueError, match="broken"), progress.unit():
        raise ValueError("broken")
    clock.now = 100
    assert (progress.running(), progress.idle_s()) == (0, 100)
    with progress.unit():
        assert progress.idle_s() == 0
    progress.raise_if_stuck("a page", 60)
