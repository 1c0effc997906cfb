"""Who may speak to the control server, and what its answers allow."""

import os
import socket
from pathlib import Path

import httpx
import pytest

import sandbox.workspace

FILES = Path(sandbox.workspace.__file__).parent / "page"
ASSETS = sorted(p.relative_to(FILES).as_posix() for p in FILES.rglob("*.*") if p.is_file())
PATHS = (
    "/",
    "/workspace/snapshot?user=U0CAPTAIN",
    "/workspace/stream?user=U0CAPTAIN",
    "/slack/state",
    "/crew/events",
    "/nowhere",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "a@b:c"])
def test_a_name_pointed_at_loopback_is_refused(page: httpx.Client, path: str, host: str):
    named = host.format(port=page.base_url.port)
    assert page.get(path, headers={"Host": named}).status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_another_sites_page_can_do_nothing(page: httpx.Client, snapshot, origin: str):
    before = snapshot("U0CAPTAIN")["channels"][0]["messages"]
    said = {"user": "U0CAPTAIN", "text": "not mine", "channel": "C0CHARTERS"}
    for path in ("/slack/say", "/reset", "/workspace/bot/kill", "/workspace/samples/instant"):
        refused = page.post(path, json=said, headers={"Origin": origin})
        assert refused.status_code == 403
        assert "error" in refused.json()
    assert snapshot("U0CAPTAIN")["channels"][0]["messages"] == before


def test_another_site_may_lead_to_the_page_and_to_nothing_else(page: httpx.Client):
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert page.get("/", headers=followed).is_success
    for path in ("/slack/state", "/fetch?path=/g/x", "/workspace/mails/none", "/page/js/main.js"):
        assert page.get(path, headers=followed).status_code == 403
    embedded = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert page.get("/", headers=embedded).status_code == 403
    own = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
    assert page.get("/slack/state", headers=own).is_success


@pytest.mark.parametrize(
    "path", ["@{host}/x", "//{host}/x", "{url}/x", "/@{host}/x", "/\\{host}/x"]
)
def test_no_other_host_is_asked_for_a_public_page(page: httpx.Client, path: str):
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        host = f"127.0.0.1:{elsewhere.getsockname()[1]}"
        asked = path.format(host=host, url=f"http://{host}")
        answer = page.get("/fetch", params={"path": asked})
        assert answer.status_code == (404 if asked[0] == "/" != asked[1] else 400)
        elsewhere.setblocking(False)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


def test_the_own_page_may_act_under_both_of_its_names(page: httpx.Client):
    port = page.base_url.port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        headers = {"Host": host, "Origin": f"http://{host}"}
        said = {"user": "U0CAPTAIN", "text": "Ahoy", "channel": "C0DOCK"}
        assert page.post("/slack/say", json=said, headers=headers).is_success
    other = {"Host": f"127.0.0.1:{port}", "Origin": f"http://localhost:{port}"}
    assert page.post("/slack/say", json=said, headers=other).status_code == 403


@pytest.mark.parametrize("path", ["", *(f"page/{name}" for name in ASSETS)])
def test_the_pages_files_are_served_under_its_policy(page: httpx.Client, path: str):
    answer = page.get(f"/{path}")
    assert answer.status_code == 200
    file = FILES / (path.removeprefix("page/") or "index.html")
    assert answer.content == file.read_bytes()
    kinds = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
    assert answer.headers["Content-Type"].startswith(kinds.get(file.suffix, "image/"))
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "{up}",
        "css/../{up}",
        "{escaped_up}",
        "{dotted_up}",
        "{absolute}",
        "{escaped}",
        "../routes.py",
        "css",
        "none.js",
    ],
)
def test_nothing_else_of_this_machine_is_served(page: httpx.Client, path: str, tmp_path: Path):
    elsewhere = tmp_path / "secret.html"
    elsewhere.write_text("secret")
    up, absolute = os.path.relpath(elsewhere, FILES), str(elsewhere)
    asked = path.format(
        up=up,
        escaped_up=up.replace("/", "%2f"),
        dotted_up=up.replace("..", "%2e%2e"),
        absolute=absolute,
        escaped=absolute.replace("/", "%2f"),
    )
    url = httpx.URL(page.base_url).copy_with(raw_path=f"/page/{asked}".encode())
    assert page.get(url).status_code == 404


@pytest.mark.parametrize("path", ["/slack/state", "/info", "/mails", "/nowhere"])
def test_whatever_else_is_answered_can_run_nothing(page: httpx.Client, path: str):
    headers = page.get(path).headers
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
