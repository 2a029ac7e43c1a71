"""Ray's ports are closed before Ray is there: what it is told, and the token it is given."""

from pathlib import Path

import pytest

from serving.service.ray_ports import close_ports


def test_a_token_is_made_that_only_its_owner_can_read(tmp_path: Path) -> None:
    environment: dict[str, str] = {"RAY_AUTH_MODE": "disabled"}
    close_ports(environment, tmp_path)
    assert environment["RAY_AUTH_MODE"] == "token"
    assert environment["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] == "0"
    token = tmp_path / ".ray" / "auth_token"
    assert token.stat().st_mode & 0o777 == 0o600
    assert token.parent.stat().st_mode & 0o777 == 0o700
    first = token.read_text()
    assert len(first) == 64
    close_ports(environment, tmp_path)
    assert token.read_text() == first


def test_a_token_that_ray_wrote_for_everyone_is_closed(tmp_path: Path) -> None:
    token = tmp_path / ".ray" / "auth_token"
    token.parent.mkdir()
    token.write_text("known")
    token.chmod(0o644)
    close_ports({}, tmp_path)
    assert (token.stat().st_mode & 0o777, token.read_text()) == (0o600, "known")


@pytest.mark.parametrize("name", ["RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"])
def test_the_operators_token_is_left_alone(tmp_path: Path, name: str) -> None:
    environment = {name: "theirs"}
    close_ports(environment, tmp_path)
    assert environment[name] == "theirs"
    assert list(tmp_path.iterdir()) == []
