"""The files in deploy name what is there, run as no one special, and call commands that exist."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from pd_core.cli.app import app
from tests.licenses import ON_WINDOWS_ONLY, required
from tests.server import ROOT

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = {name: (DEPLOY / f"{name}.yaml").read_text(encoding="utf-8") for name in ("compose", "compose-replicas")}
ADMINISTRATION = (ROOT / ".github" / "ADMINISTRATION.md").read_text(encoding="utf-8")
LET_IN = [line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"]
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


def instructions(name: str) -> list[str]:
    lines = DOCKERFILE.replace("\\\n", " ").splitlines()
    return [line.partition(" ")[2] for line in lines if line.startswith(f"{name} ")]


def copied() -> list[str]:
    """What the image takes from the project."""
    return [word for line in instructions("COPY") if not line.startswith("--from") for word in shlex.split(line)[:-1]]


def test_the_image_takes_what_is_there_and_what_the_server_needs() -> None:
    assert all((ROOT / path).exists() for path in copied())
    assert {"app.py", "pages", "pd_core", "data/codebook", ".streamlit/config.toml"} <= set(copied())
    assert all(any(path == let_in or path.startswith(f"{let_in}/") for let_in in LET_IN) for path in copied())


@pytest.mark.parametrize(
    "secret", [".streamlit/secrets.toml", "data/store/pd.duckdb", "data/store/pd.key", ".git/HEAD"]
)
def test_answers_keys_and_secrets_stay_out_of_the_image(secret: str) -> None:
    assert not [let_in for let_in in LET_IN if fnmatch(secret, let_in) or secret.startswith(f"{let_in}/")]


def test_the_container_is_no_root_and_says_how_it_is() -> None:
    (user,) = instructions("USER")
    assert user != "0" and f"useradd --system --uid {user} " in DOCKERFILE
    (check,) = instructions("HEALTHCHECK")
    assert "http://127.0.0.1:8501/health" in check
    assert "PD_STORE=/data/pd.duckdb" in DOCKERFILE and instructions("VOLUME") == ["/data"]


@pytest.mark.skipif(os.name == "nt", reason="the linter is not packed for Windows")
def test_a_linter_finds_nothing_in_the_dockerfile() -> None:
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"
    done = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def services(name: str) -> dict[str, dict[str, Any]]:
    """The services of a compose file by name, as the specification of such files reads them."""
    spec = pytest.importorskip("compose_spec", reason="not packed for Windows")
    read = spec.PyOptions(apply_merge=True).from_yaml(COMPOSE[name])
    read.validate()
    found: dict[str, dict[str, Any]] = read.to_dict()["services"]
    return found


@pytest.mark.parametrize("name", COMPOSE)
def test_only_nginx_is_open_to_the_network_and_the_servers_write_nothing_but_their_data(name: str) -> None:
    found = services(name)
    nginx = found.pop("nginx")
    assert nginx["ports"] == ["443:443"]
    for server in (service for service in found.values() if "build" in service):
        assert server["read_only"] and server["cap_drop"] == ["ALL"]
        assert server["security_opt"] == ["no-new-privileges:true"]
    assert not [service for service in found.values() if "ports" in service]


@pytest.mark.parametrize("name", COMPOSE)
def test_every_server_that_nginx_knows_is_a_service_and_is_waited_for(name: str) -> None:
    found = services(name)
    (configuration,) = re.findall(r"\./(\S+):/etc/nginx/conf.d/default.conf", COMPOSE[name])
    text = (DEPLOY / configuration).read_text(encoding="utf-8")
    known = set(re.findall(r"(?:server |http://)(app[-\d]*):8501", text))
    assert known == {service for service in found if service.startswith("app")}
    assert known == {
        after for after, how in found["nginx"]["depends_on"].items() if how["condition"] == "service_healthy"
    }
    assert "location = /metrics {\n        return 404;" in text and 'Connection "upgrade"' in text


@pytest.mark.parametrize("name", COMPOSE)
def test_the_documentation_names_what_a_compose_file_wants_next_to_it(name: str) -> None:
    wanted = re.findall(r"^\s+- \./(\S+?):", COMPOSE[name], re.MULTILINE)
    wanted += re.findall(r"env_file: (\S+)", COMPOSE[name])
    assert {"secrets.toml", "certificate", "pd-pulse.env"} <= set(wanted)
    for file in wanted:
        assert (DEPLOY / file).is_file() or f"`{file}`" in ADMINISTRATION
    assert f"docker compose -f deploy/{name}.yaml up --detach" in ADMINISTRATION


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_one_and_its_commands_are_those_of_the_command_line(unit: Path) -> None:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.read_string(unit.read_text(encoding="utf-8"))
    assert "Unit" in read and ("Service" in read or "Timer" in read)
    commands = re.findall(r"^ExecStart=(.+)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    for command in commands:
        if "-m pd_core" in command:
            app.parse_args(shlex.split(command.partition("-m pd_core ")[2]), exit_on_error=False, print_error=False)
        else:
            assert "streamlit run app.py" in command
    assert not any("root" in line for line in unit.read_text(encoding="utf-8").splitlines() if "User=" in line)


def test_the_account_of_the_service_has_its_home_where_the_unit_lets_it_look() -> None:
    """Its password for PostgreSQL may be there, for the service as for commands."""
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.read_string((DEPLOY / "pd-pulse.service").read_text(encoding="utf-8"))
    service = read["Service"]
    assert f"useradd --system --home-dir {service['WorkingDirectory']} {service['User']}\n" in ADMINISTRATION
    assert service["ProtectHome"] == "tmpfs", "a locked home is an error for who looks into it"


def sbom_commands() -> list[list[str]]:
    """The commands with which the documentation has the software bill of materials made."""
    text = (ROOT / ".github" / "SECURITY.md").read_text(encoding="utf-8")
    return [shlex.split(line) for line in re.findall(r"```sh\n(.+?)```", text, re.DOTALL)[0].splitlines()]


def test_the_image_and_the_documentation_make_the_bill_of_materials_in_the_same_way() -> None:
    (image,) = [line.split(" && ") for line in instructions("RUN") if "cyclonedx-py" in line]
    for command, documented in zip(map(shlex.split, image), sbom_commands(), strict=True):
        assert Path(command[0]).name.rstrip("3") == Path(documented[0]).name.rstrip("3")
        pip = {"--no-cache-dir", "--disable-pip-version-check"}
        said, wanted = ([Path(word).name.lstrip(".") for word in line[1:]] for line in (command, documented))
        assert [word for word in said if word not in pip] == wanted


@pytest.mark.slow
def test_the_bill_of_materials_has_every_package_and_its_version(tmp_path: Path) -> None:
    own, file = tmp_path / "sbom", tmp_path / "sbom.cdx.json"
    places = {".sbom": str(own), "sbom.cdx.json": str(file), ".venv": sys.executable, "python3": sys.executable}
    for command in sbom_commands():
        words = [places.get(word, word.replace(".sbom/", f"{own}/")) for word in command]
        subprocess.run(words, cwd=ROOT, check=True)
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["bomFormat"] == "CycloneDX" and found["metadata"]["component"]["name"] == "pd-pulse"
    versions = {canonicalize_name(part["name"]): part["version"] for part in found["components"]}
    here = [name for name in required() if name not in ON_WINDOWS_ONLY]
    assert {name: versions.get(canonicalize_name(name)) for name in here} == {name: version(name) for name in here}
    assert "cyclonedx-bom" not in versions, "the tool has a place of its own"


def test_the_units_are_for_systemd() -> None:
    assert [unit.name for unit in UNITS] == [
        "pd-pulse-backup.service",
        "pd-pulse-backup.timer",
        "pd-pulse-maintain.service",
        "pd-pulse-maintain.timer",
        "pd-pulse.service",
    ]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_in_the_units(tmp_path: Path) -> None:
    program = re.compile(r"^(ExecStart=)\S+", re.MULTILINE)
    for unit in UNITS:
        text = program.sub(rf"\g<1>{sys.executable}", unit.read_text(encoding="utf-8"))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr.splitlines()
    assert [line for line in said if "pd-pulse" in line] == [], "what it says of the computer's own units is not ours"


def test_what_several_servers_add_goes_with_the_database_that_is_installed() -> None:
    pinned = (DEPLOY / "requirements-shared.txt").read_text(encoding="utf-8")
    wanted = dict(re.findall(r"^(\S+)==(\S+)", pinned, re.MULTILINE))
    assert set(wanted) == {"duckdb-extension-postgres-scanner", "duckdb-extension-ducklake"}
    assert set(wanted.values()) == {version("duckdb")}
    assert "-r deploy/requirements-shared.txt" in ADMINISTRATION
