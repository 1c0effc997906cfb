"""Which addresses a deployment may name, and why not others."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from settings_file import TOKENS, changed, faults, written

from bot.settings import Environment, load


@pytest.mark.parametrize(
    "url",
    [
        "https://d111111abcdef8.cloudfront.net",
        "https://D111111ABCDEF8.CloudFront.net/prod",
    ],
)
def test_a_cloudfront_host_for_the_crew_service_is_refused_with_the_reason(
    tmp_path: Path, url: str
):
    text = changed(("https://abc123crew.execute-api.us-west-2.amazonaws.com/prod", url))
    (fault,) = faults(tmp_path, text)
    assert fault.startswith("crew_service.url: is a CloudFront host")
    assert "X-Service-Key" in fault
    assert "403" in fault
    assert "execute-api" in fault


def test_the_guest_sites_own_host_is_no_way_to_the_crew_service(tmp_path: Path):
    crew = "https://abc123crew.execute-api.us-west-2.amazonaws.com/prod"
    (fault,) = faults(tmp_path, changed((crew, "https://QueenOfSanDiego.com/api")))
    assert fault.startswith("crew_service.url: is the guest site's host")


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("http://127.0.0.1:8080/prod", True),
        ("http://localhost:1", True),
        ("http://[::1]:1", True),
        ("http://calendar.example", False),
        ("http://127.0.0.1.example", False),
        ("ftp://calendar.example", False),
        ("https://user:pass@calendar.example", False),
        ("https://calendar.example/?key=1", False),
        ("https://calendar.example:port/", False),
        ("calendar.example", False),
        ("https://", False),
    ],
)
def test_urls_are_https_and_http_is_for_this_machine_alone(tmp_path: Path, url: str, right: bool):
    text = changed(("https://abc123calendar.execute-api.us-west-2.amazonaws.com/prod", url))
    if right:
        assert load(written(tmp_path, text), TOKENS).calendar.url == url
    else:
        assert [f.partition(":")[0] for f in faults(tmp_path, text)] == ["calendar.url"]


@pytest.mark.parametrize("server", ["", "10.0.0.2", "127.0.0.1:5353", "[::1]:53"])
def test_a_name_server_is_an_address(server: str):
    assert Environment(charter_dns=server).charter_dns == server


@pytest.mark.parametrize("server", ["dns.example", "10.0.0.2:0", "10.0.0.2:x", "u@10.0.0.2", "/"])
def test_any_other_name_server_is_refused(server: str):
    with pytest.raises(ValidationError, match="must be an address"):
        Environment(charter_dns=server)
