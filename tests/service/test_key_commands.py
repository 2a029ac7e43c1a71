"""`tieout keys`: the key alone on stdout, all else on stderr; status 2 and a line for a mistake."""

import json
from pathlib import Path

import pytest

from serving.cli import main
from serving.commands.keys import key_store, missing_key_hint
from serving.settings import ServiceFile, load_service_file
from serving.store.key_format import is_key
from serving.store.keys import KeyRefused


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "serve.yaml"
    database = f"sqlite:///{tmp_path / 'tieout.db'}"
    path.write_text(
        json.dumps({"applications": [{"args": {"database": database}}]}), encoding="utf-8"
    )
    return path


def made(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on stdout."""
    out, err = capsys.readouterr()
    (line,) = out.splitlines()
    assert is_key(line)
    assert line not in err
    return line


def keys_of(config: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    assert main(["keys", "list", "--json", "--config", str(config)]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_a_key_from_making_to_revoking(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--config", str(config)]
    wanted = [
        "--tenant",
        "acme",
        "--label",
        "erp",
        "--scope",
        "disputes:read",
        "--scope",
        "webhooks",
    ]
    more = ["--expires-in-days", "30", "--requests-per-minute", "9"]
    assert main(["keys", "create", *wanted, *more, *at]) == 0
    first = made(capsys)
    (key,) = keys_of(config, capsys)
    assert (key["tenant"], key["label"], key["scopes"]) == (
        "acme",
        "erp",
        ["disputes:read", "webhooks"],
    )
    assert (key["requests_per_minute"], key["pages_per_day"]) == (9, None)
    assert "digest" not in key
    assert main(["keys", "rotate", str(key["id"]), "--overlap-hours", "0", *at]) == 0
    second = made(capsys)
    with key_store(load_service_file(config).settings) as store:
        assert store.admit(second).tenant == "acme"
        with pytest.raises(KeyRefused):
            store.admit(first)
    newest = next(one for one in keys_of(config, capsys) if one["id"] != key["id"])
    assert main(["keys", "revoke", str(newest["id"]), *at]) == 0
    assert "revoked" in capsys.readouterr().err
    assert main(["keys", "list", *at]) == 0
    table = capsys.readouterr().out
    assert "revoked" in table
    assert "expired" in table
    assert first not in table


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["create", "--tenant", "Acme Inc"], "lower-case letters"),
        (["create", "--tenant", "acme", "--scope", "all"], "choose from"),
        (["revoke", "key_unknown"], "there is no key"),
        (["rotate", "key_unknown"], "there is no key"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    config: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    assert main(["keys", *arguments, "--config", str(config)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert why in err


def test_a_service_without_a_key_says_how_to_make_one(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_service_file(config).settings
    assert missing_key_hint(settings, config) == (
        "there is no API key yet; create one with:"
        f" tieout keys create --tenant NAME --config {config}"
    )
    assert main(["keys", "create", "--tenant", "acme", "--config", str(config)]) == 0
    assert missing_key_hint(settings, config) == ""
    open_to_all = ServiceFile().settings.model_copy(update={"authentication": "none"})
    assert missing_key_hint(open_to_all, None) == ""
