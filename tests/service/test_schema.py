"""The wire formats: stable codes, sentences about wrong keys, settings files."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from data.pages.attachments import AttachmentError
from serving.settings import ServiceFile, Settings, SettingsError, load_service_file
from serving.wire.schema import STATUS_OF_CODE, TITLE_OF_STATUS, explain, problem


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("file_too_large", 413),
        ("too_many_pages", 413),
        ("page_too_large", 413),
        ("unsupported_type", 415),
        ("unknown_key", 422),
        ("unknown_currency", 422),
        ("not_found", 404),
        ("queue_full", 429),
        ("internal", 500),
        ("corrupt_document", 400),
        ("empty_file", 400),
        ("password_required", 400),
        ("blank_page", 400),
        ("a_code_of_tomorrow", 400),
    ],
)
def test_codes_have_a_status(code: str, status: int) -> None:
    details = problem(code, "what to do")
    assert (details.code, details.status, details.detail) == (code, status, "what to do")
    assert details.type == f"urn:tieout:problem:{code}"


def test_every_status_has_a_title() -> None:
    assert {*STATUS_OF_CODE.values(), 400} <= TITLE_OF_STATUS.keys()


def test_every_attachment_error_is_the_callers_fault() -> None:
    kinds = AttachmentError.__subclasses__()
    assert kinds
    assert {problem(kind.code, "").status // 100 for kind in kinds} == {4}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("http_option: {port: 1}", ["'http_option'", "'http_options'"]),
        ("http_options: {prot: 1}", ["'http_options.prot'", "'port'"]),
        ("applications: [{args: {polcy: x}}]", ["polcy", "'policy'"]),
        ("http_options: {port: 0}", ["http_options.port", "greater than or equal to 1", "0"]),
        ("http_options: {port: many}", ["http_options.port", "'many'"]),
        ("applications: []", ["applications", "at least 1"]),
        ("- a list", ["top level"]),
        ("{", ["not YAML"]),
    ],
)
def test_a_wrong_settings_file_is_named_with_its_key(
    text: str, told: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "serve.yaml"
    path.write_text(text)
    with pytest.raises(SettingsError) as raised:
        load_service_file(path)
    message = str(raised.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    assert [part for part in told if part not in message] == []


def test_a_missing_settings_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_service_file(tmp_path / "none.yaml")


def test_the_shipped_settings_are_the_defaults(repository: Path) -> None:
    assert load_service_file(repository / "configs" / "serve.yaml") == ServiceFile()


def test_ray_reads_the_shipped_settings(repository: Path) -> None:
    import yaml
    from ray.serve.schema import ServeDeploySchema

    content = yaml.safe_load((repository / "configs" / "serve.yaml").read_text())
    assert ServeDeploySchema.model_validate(content).applications[0].name == "tieout"


def test_an_address_given_later_wins() -> None:
    service = ServiceFile().with_address(port=9000)
    assert (service.http_options.host, service.http_options.port) == ("127.0.0.1", 9000)
    assert ServiceFile().with_address() == ServiceFile()


def test_an_unknown_key_far_from_all_lists_them() -> None:
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate({"zzzzzz": 1})
    assert "known keys: attachments, attempts, authentication" in explain(raised.value, Settings)


def test_places_are_kept_or_default_to_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    settings = Settings()
    assert settings.database_url.startswith("sqlite:///")
    assert settings.database_url.endswith("tieout/tieout.db")
    assert settings.objects_url.startswith("file:///")
    kept = ServiceFile().with_storage_in(tmp_path).settings
    assert kept.database_url == f"sqlite:///{tmp_path}/tieout.db"
    assert kept.objects_url == f"file://{tmp_path}/objects"
    given = Settings(database="postgresql+psycopg://host/name", objects="s3://bucket/prefix")
    assert given.database_url == "postgresql+psycopg://host/name"
    assert given.objects_url == "s3://bucket/prefix"


def test_settings_are_the_rules_of_jobs() -> None:
    rules = Settings(retention_days=2, lease_s=10, attempts=5, unfinished_jobs=7).job_rules
    assert (rules.retention.days, rules.lease.total_seconds()) == (2, 10)
    assert (rules.attempts, rules.unfinished, rules.running_per_tenant) == (5, 7, 8)
