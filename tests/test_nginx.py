"""nginx in front of PD Pulse, as deploy and the documentation have it: tried where nginx is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guarded import District, shows
from tests.server import ROOT, free_port, stop, wait_until_ready
from tests.visitor import signed_in, visit

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
CONTAINER = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
DOCUMENTED = re.findall(
    r"```nginx\n(.*?)```", (ROOT / ".github" / "ADMINISTRATION.md").read_text(encoding="utf-8"), re.DOTALL
)
AROUND = """daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{servers}
}}
"""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]


def written(folder: Path, servers: str) -> list[str]:
    """The command that runs nginx with these servers."""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, servers=servers), encoding="utf-8")
    return [str(NGINX), "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def without_certificate(text: str, port: int) -> str:
    """The servers on a port of this computer, for tests that need no certificate."""
    return re.sub(r"\n *ssl_certificate.*", "", text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};"))


@pytest.mark.parametrize("file", ["nginx.conf", "nginx-replicas.conf"])
def test_the_configurations_in_deploy_are_for_nginx(tmp_path: Path, file: str) -> None:
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=pulse.example.org"]
    files = ["-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"]
    subprocess.run([*make, *files], check=True, capture_output=True)
    text = (ROOT / "deploy" / file).read_text(encoding="utf-8").replace("/etc/nginx/certificate", str(tmp_path))
    text = re.sub(r"\bapp(-\d)?:", "127.0.0.1:", text)
    done = subprocess.run([*written(tmp_path, text), "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "test is successful" in done.stderr, done.stderr


@pytest.mark.parametrize("block", DOCUMENTED)
def test_what_the_documentation_has_for_nginx_is_for_nginx(tmp_path: Path, block: str) -> None:
    server = f"server {{\nlisten 127.0.0.1:{free_port()};\n{block}}}"
    done = subprocess.run([*written(tmp_path, server), "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def proxy(guarded: District, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The container's nginx in front of a server with sign-in."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    text = without_certificate(
        CONTAINER.replace("http://app:8501", guarded.url.replace("localhost", "127.0.0.1")), port
    )
    # The server of the tests knows localhost with its own port.
    text = text.replace("proxy_set_header Host $host;", "proxy_set_header Host $http_host;")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(written(folder, text), stdout=log, stderr=log)
        try:
            wait_until_ready(process, f"http://localhost:{port}/health")
            yield f"http://localhost:{port}"
        finally:
            stop(process)


def test_pages_come_through_nginx_with_sign_in_and_their_connection(proxy: str) -> None:
    assert visit(proxy).title == "Sign in to PD Pulse"
    seen = visit(proxy, "", signed_in(proxy, "fay@example.org"), school="lincoln")
    assert shows(seen, "lincoln")


def test_metrics_stay_inside_and_an_answer_has_the_id_that_nginx_gave(proxy: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{proxy}/metrics", timeout=30)
    assert refusal.value.code == 404
    refusal.value.close()
    with urllib.request.urlopen(f"{proxy}/ready", timeout=30) as answer:
        assert len(answer.headers["X-Request-ID"]) == 32
