"""The files to deploy with: they load, agree with each other, and leave no door open."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ray.serve.schema import ServeDeploySchema

from serving.commands.cluster import TUNING
from serving.service.http_limits import CALLBACK, CALLBACK_VARIABLE
from serving.settings import ServiceFile, Settings, load_service_file
from training.network.encoding import MAX_WORDS

SERVE_FILES = ("serve.yaml", "serve-gpu.yaml", "serve-cluster.yaml")
CONTAINERFILES = ("Containerfile", "Containerfile.cuda")


@pytest.fixture
def configs(repository: Path) -> Path:
    return repository / "configs"


@pytest.fixture
def manifests(configs: Path) -> list[dict[str, Any]]:
    text = (configs / "rayservice.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load_all(text))


@pytest.fixture
def pods(manifests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pod templates of head and workers."""
    cluster = manifests[0]["spec"]["rayClusterConfig"]
    groups = [cluster["headGroupSpec"], *cluster["workerGroupSpecs"]]
    return [group["template"] for group in groups]


@pytest.mark.parametrize("name", SERVE_FILES)
def test_settings_are_ours_and_rays(configs: Path, name: str) -> None:
    """One file for `tieout serve` and for Ray's own commands."""
    loaded = load_service_file(configs / name)
    content = yaml.safe_load((configs / name).read_text(encoding="utf-8"))
    assert ServeDeploySchema.model_validate(content).applications[0].import_path
    assert loaded.settings.model_batch_words >= MAX_WORDS


def test_one_machine_listens_to_itself_only(configs: Path) -> None:
    for name in ("serve.yaml", "serve-gpu.yaml"):
        assert load_service_file(configs / name).http_options.host == "127.0.0.1"


def test_the_longest_page_fits_a_batch() -> None:
    assert Settings.model_fields["model_batch_words"].metadata[0].ge == MAX_WORDS


def test_the_rayservice_runs_the_cluster_settings(
    configs: Path, manifests: list[dict[str, Any]]
) -> None:
    inside = yaml.safe_load(manifests[0]["spec"]["serveConfigV2"])
    assert ServeDeploySchema.model_validate(inside)
    assert ServiceFile.model_validate(inside).settings == (
        load_service_file(configs / "serve-cluster.yaml").settings
    )


def test_every_pod_is_closed_down(pods: list[dict[str, Any]]) -> None:
    assert len(pods) == 3
    for pod in pods:
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        (container,) = spec["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        limits = container["resources"]["limits"]
        assert {"cpu", "memory", "ephemeral-storage"} <= set(limits)
        assert container["resources"]["requests"] == limits
        assert container["readinessProbe"]["httpGet"]["path"] == "/-/healthz"
        assert {volume["name"] for volume in spec["volumes"]} == {
            mount["name"] for mount in container["volumeMounts"]
        }


def test_every_pod_has_the_token_and_the_edge(pods: list[dict[str, Any]]) -> None:
    for pod in pods:
        (container,) = pod["spec"]["containers"]
        environment = {entry["name"]: entry for entry in container["env"]}
        assert environment["RAY_AUTH_MODE"]["value"] == "token"
        assert "secretKeyRef" in environment["RAY_AUTH_TOKEN"]["valueFrom"]
        assert environment[CALLBACK_VARIABLE]["value"] == CALLBACK
        assert all("PASSWORD" not in name and "SECRET" not in name for name in environment)


def test_the_gateway_reaches_port_8000_and_nothing_else(
    manifests: list[dict[str, Any]], pods: list[dict[str, Any]]
) -> None:
    policy = manifests[1]
    selected = policy["spec"]["podSelector"]["matchLabels"].items()
    assert all(selected <= pod["metadata"]["labels"].items() for pod in pods)
    assert policy["spec"]["policyTypes"] == ["Ingress"]
    reached = {
        next(iter(source.values()))["matchLabels"].get("kubernetes.io/metadata.name"): [
            port["port"] for port in rule.get("ports", ())
        ]
        for rule in policy["spec"]["ingress"]
        for source in rule["from"]
    }
    assert reached == {
        "gateway": [8000],
        "monitoring": [8080],
        "kuberay-system": [8265, 8000],
        None: [],  # the pods among themselves
    }


def test_no_file_switches_authentication_off(repository: Path) -> None:
    """Nor is a dashboard opened to the machine's network."""
    shipped = [
        path
        for folder in ("configs", "serving", ".make", ".ci")
        for path in (repository / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    ]
    assert len(shipped) > 30
    off = re.compile(r"RAY_AUTH_MODE\W{1,20}disabled|--dashboard-host[= ]0\.0\.0\.0", re.IGNORECASE)
    assert [path.name for path in shipped if off.search(path.read_text("utf-8", "replace"))] == []


@pytest.mark.parametrize("name", CONTAINERFILES)
def test_containers_run_as_nobody_in_particular(configs: Path, name: str) -> None:
    text = (configs / name).read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", " ", text)
    instructions = re.findall(r"^([A-Z]+) (.*)$", joined, re.MULTILINE)
    users = [what for keyword, what in instructions if keyword == "USER"]
    assert users
    assert all(int(user) > 0 for user in users)
    entry = [keyword for keyword, _ in instructions]
    assert entry.index("USER") < entry.index("ENTRYPOINT")
    environment = " ".join(what for keyword, what in instructions if keyword == "ENV")
    assert "RAY_AUTH_MODE=token" in environment
    assert f"{CALLBACK_VARIABLE}={CALLBACK}" in environment
    assert {f"{variable}={value}" for variable, value in TUNING.items()} <= set(environment.split())
    installed = " ".join(what for keyword, what in instructions if keyword == "RUN")
    assert {"poppler-utils", "tesseract-ocr", "tesseract-ocr-osd"} <= set(installed.split())
    copied = {what.split()[0] for keyword, what in instructions if keyword == "COPY"}
    assert {"data", "training", "serving"} <= copied


def test_the_compose_file_starts_the_service_with_both_stores(configs: Path) -> None:
    content = yaml.safe_load((configs / "compose.yaml").read_text(encoding="utf-8"))
    service = content["services"]["tieout"]
    assert (configs / ".." / service["build"]["dockerfile"]).is_file()
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert not any("ports" in content["services"][name] for name in ("postgres", "objects"))
    settings = ServiceFile.model_validate(yaml.safe_load(content["configs"]["serve"]["content"]))
    assert str(settings.settings.database).startswith("postgresql+psycopg://")
    assert str(settings.settings.objects).startswith("s3://")
    # A secret without a default: compose refuses to start without it.
    secrets = [
        value
        for one in content["services"].values()
        for name, value in one.get("environment", {}).items()
        if "PASSWORD" in name or "SECRET" in name
    ]
    assert len(secrets) == 6
    assert all(re.fullmatch(r"\$\{\w+:\?choose one\}", secret) for secret in secrets)
