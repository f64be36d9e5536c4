"""Two servers with one store in PostgreSQL behind nginx, as deploy/nginx-replicas.conf has it, all on this computer."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pd_core.codebook import Codebook
from pd_core.storage import Store, open_store, roles
from tests.benchmarks.district import fill, put_plan
from tests.guarded import PROVIDER
from tests.postgres import Server as Postgres
from tests.server import ROOT, Server, free_port, started, stop, wait_until_ready
from tests.test_nginx import without_certificate, written
from tests.visitor import signed_in

SCHOOLS = 60
FAY = "fay@example.org"
KEY = "a key of the load tests, long enough"
CONFIGURATION = (ROOT / "deploy" / "nginx-replicas.conf").read_text(encoding="utf-8")
SHORT_LOG = 'log_format short "$cookie_pd_replica $status $upstream_addr";\n'


@dataclass(frozen=True)
class Replicas:
    """The servers, nginx (its process, and where it answers for them), and the store."""

    servers: list[Server]
    nginx: int
    address: str
    location: str
    log: Path

    def cookies(self, address: str | None = None) -> dict[str, str]:
        """Of a facilitator who is signed in."""
        return signed_in(address or self.address, FAY)

    def answered(self) -> list[tuple[str, str, str]]:
        """Of each request so far: the browser's cookie for its server, the status, the server that answered."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [tuple(line.split(" ", 2)) for line in lines]  # type: ignore[misc]


def filled(location: str, codebook: Codebook) -> Store:
    """A store with 60 schools' answers of five waves and their plan."""
    store = open_store(location, list(codebook.items.values()))
    fill(store, codebook, schools=SCHOOLS, responses=SCHOOLS * 5 * 30)
    put_plan(store, codebook, sessions=2 * SCHOOLS)
    roles.put_person(store, FAY, "facilitator", (), "test")
    return store


@contextmanager
def replicas(postgres: Postgres, codebook: Codebook, folder: Path) -> Iterator[Replicas]:
    """Two servers behind nginx; all end with the block."""
    location = postgres.database()
    filled(location, codebook).close()
    env = {"PD_STORE": location, "PD_KEY": KEY, "PD_START_TOKEN": "off"}
    with ExitStack() as stack:
        servers = [stack.enter_context(started(folder / "pd.duckdb", env, provider=PROVIDER)) for _ in range(2)]
        yield stack.enter_context(behind_nginx(servers, location, folder))


@contextmanager
def behind_nginx(servers: list[Server], location: str, folder: Path) -> Iterator[Replicas]:
    """These servers with their store behind an nginx that writes into `folder`; nginx ends with the block."""
    port, log = free_port(), folder / "requests"
    address = f"http://localhost:{port}"
    process = subprocess.Popen(written(folder, _configuration(servers, port, log)), stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(process, f"{address}/ready")
        yield Replicas(servers, process.pid, address, location, log)
    finally:
        stop(process)


def _configuration(servers: list[Server], port: int, log: Path) -> str:
    places = iter(re.search(r":(\d+)", server.address)[1] for server in servers)  # type: ignore[index]
    lines = [f"    server 127.0.0.1:{place} max_fails=1 fail_timeout=5s;" for place in places]
    text = re.sub(r"(\n +server app-\d:8501[^\n]*)+", "\n" + "\n".join(lines), CONFIGURATION)
    text = without_certificate(text, port).replace("proxy_set_header Host $host;", "proxy_set_header Host $http_host;")
    return SHORT_LOG + text.replace("server_name _;", f"server_name _;\n    access_log {log} short;")
