"""The manifests for Kubernetes."""

from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from cast import Town
from deploy.shipped import DEPLOY, approved, documents, unknown_settings
from deploy.test_docker import told as told_in_dockerfile
from parlance.app.config import LONGEST_DRAIN, read_config

FOLDER = DEPLOY / "kubernetes"
FILES = sorted(FOLDER / name for name in documents(FOLDER / "kustomization.yaml")[0]["resources"])
OBJECTS = list(chain.from_iterable(map(documents, FILES)))


def one(kind: str, name: str = "parlance") -> dict[str, Any]:
    """The object of a kind."""
    [found] = [each for each in OBJECTS if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


PODS = {each["kind"]: each["spec"]["template"]["spec"] for each in (one("Deployment"), one("Job", "parlance-migrate"))}
SERVER = PODS["Deployment"]["containers"][0]


@pytest.mark.needs("kubernetes-validate")
def test_they_are_what_kubernetes_expects() -> None:
    """No field that it does not know."""
    approved("kubernetes-validate", "--strict", *FILES)
    assert set(FILES) == set(FOLDER.iterdir()) - {FOLDER / "kustomization.yaml"}


@pytest.mark.parametrize("kind", PODS)
def test_pods_may_do_little(kind: str) -> None:
    """As the image's user, who may write nowhere but where something is mounted; and nobody tells them its port."""
    pod, [container] = PODS[kind], PODS[kind]["containers"]
    user = f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}"
    assert told_in_dockerfile("USER") == [user]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["enableServiceLinks"] is False
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_settings_are_settings(tmp_path: Path) -> None:
    """What servers are told makes a configuration, with secrets in files that are mounted."""
    variables: dict[str, str] = dict(one("ConfigMap")["data"])
    variables |= {each["name"]: each["value"] for each in SERVER["env"] if "value" in each}
    assert [] == unknown_settings(list(variables))
    secrets = {"database-url": "postgresql://parlance:x@db/parlance", "bus-url": "nats://parlance:x@nats:4222"}
    for name, secret in secrets.items():
        (tmp_path / name).write_text(secret, encoding="utf-8")
    [mount] = [each["mountPath"] for each in SERVER["volumeMounts"] if each["name"] == "secrets"]
    config, warnings = read_config(
        environ={name: value.replace(mount, str(tmp_path)) for name, value in variables.items()}
    )
    assert () == warnings
    assert secrets["database-url"] == config.database_url
    assert secrets["bus-url"] == config.bus_url
    assert ["migrate"] == PODS["Job"]["containers"][0]["args"]


async def test_probes_ask_what_answers(town: Town) -> None:
    """Every probe's address is there; alive is one thing, ready another."""
    paths = {name: SERVER[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")}
    assert {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"} == paths
    for path in paths.values():
        assert 200 == (await town.bare.get(path)).status
    assert SERVER["ports"] == [{"name": "http", "containerPort": 8000}]


def test_a_server_has_time_to_end() -> None:
    """Until nobody is sent to it, for draining, and for the rest; and of several only one goes at a time."""
    before = int(SERVER["lifecycle"]["preStop"]["exec"]["command"][1])
    assert PODS["Deployment"]["terminationGracePeriodSeconds"] >= before + 2 * LONGEST_DRAIN
    assert 1 == one("PodDisruptionBudget")["spec"]["maxUnavailable"]
    assert one("Deployment")["spec"]["replicas"] > 1


def test_everything_finds_its_pods() -> None:
    """The service, the budget and the deployment mean the same ones."""
    labels = one("Deployment")["spec"]["template"]["metadata"]["labels"]
    assert labels == one("Service")["spec"]["selector"]
    assert labels == one("PodDisruptionBudget")["spec"]["selector"]["matchLabels"]
    assert labels == one("Deployment")["spec"]["selector"]["matchLabels"]
    assert labels != one("Job", "parlance-migrate")["spec"]["template"]["metadata"]["labels"]
    [rule] = one("Ingress")["spec"]["rules"]
    paths = {each["path"]: each["backend"]["service"]["name"] for each in rule["http"]["paths"]}
    assert {"/metrics": "parlance-nobody", "/": "parlance"} == paths
    assert "selector" not in one("Service", "parlance-nobody")["spec"]
