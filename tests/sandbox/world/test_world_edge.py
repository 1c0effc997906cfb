import shutil
import subprocess
from pathlib import Path

import pytest

from sandbox.aws.accounts import GUEST_ROLE

BUCKET = "queenofsandiego.com"
KEY = "g/xhqgmdh.html"


@pytest.fixture
def publish(bot):
    def put(body: bytes, key: str = KEY):
        s3 = bot.client("s3", GUEST_ROLE)
        s3.put_object(Bucket=BUCKET, Key=key, Body=body, ContentType="text/html; charset=utf-8")

    return put


@pytest.fixture
def invalidate(bot, distribution_id):
    client = bot.client("cloudfront", GUEST_ROLE)

    def create(*paths: str, reference: str):
        batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": reference}
        answer = client.create_invalidation(DistributionId=distribution_id, InvalidationBatch=batch)
        return answer["Invalidation"]

    return create


def test_both_spellings_are_the_same_page(sandbox, publish):
    publish(b"<p>ahoy")
    assert sandbox.fetch("/g/XHQGMDH").content == b"<p>ahoy"
    again = sandbox.fetch("/g/xhqgmdh")
    assert again.content == b"<p>ahoy"
    assert again.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_deployment_that_keeps_the_case_needs_the_alias(sandbox, publish):
    publish(b"<p>ahoy")
    sandbox.switch("edge", case="as_typed")
    try:
        assert sandbox.fetch("/g/XHQGMDH").status_code == 404
        publish(b"<p>alias", "g/AAAAAAA.html")
        assert sandbox.fetch("/g/AAAAAAA").content == b"<p>alias"
    finally:
        sandbox.switch("edge", case="lower")


def test_a_page_stays_as_it_was_until_it_is_invalidated(sandbox, publish, invalidate):
    publish(b"old")
    assert sandbox.fetch("/g/xhqgmdh").headers["X-Cache"] == "Miss from cloudfront"
    publish(b"new")
    stale = sandbox.fetch("/g/xhqgmdh")
    assert (stale.content, stale.headers["X-Cache"]) == (b"old", "Hit from cloudfront")
    invalidate("/g/other.html", reference="edge-1")
    assert sandbox.fetch("/g/xhqgmdh").content == b"old"
    invalidate("/g/xhqgmdh.html", reference="edge-2")
    assert sandbox.fetch("/g/xhqgmdh").content == b"new"
    publish(b"newer")
    assert sandbox.fetch("/g/xhqgmdh").content == b"new"


def test_an_invalidation_in_progress_changes_nothing_yet(
    sandbox, bot, publish, invalidate, distribution_id
):
    sandbox.set_latency(invalidation=60)
    publish(b"old")
    sandbox.fetch("/g/xhqgmdh")
    publish(b"new")
    made = invalidate("/g/*", reference="edge-3")
    assert made["Status"] == "InProgress"
    client = bot.client("cloudfront", GUEST_ROLE)
    found = client.get_invalidation(DistributionId=distribution_id, Id=made["Id"])
    assert found["Invalidation"]["Status"] == "InProgress"
    assert sandbox.fetch("/g/xhqgmdh").content == b"old"


def test_an_invalidation_completes_in_its_time(sandbox, bot, invalidate, distribution_id):
    sandbox.set_latency(invalidation=0.2)
    made = invalidate("/g/*", reference="edge-4")
    client = bot.client("cloudfront", GUEST_ROLE)
    client.get_waiter("invalidation_completed").wait(
        DistributionId=distribution_id, Id=made["Id"], WaiterConfig={"Delay": 1, "MaxAttempts": 4}
    )
    again = invalidate("/g/*", reference="edge-4")
    assert (again["Id"], again["Status"]) == (made["Id"], "Completed")


def test_a_missing_page_is_remembered_too_until_it_is_invalidated(sandbox, publish, invalidate):
    assert sandbox.fetch("/g/xhqgmdh").status_code == 404
    publish(b"here")
    assert sandbox.fetch("/g/xhqgmdh").status_code == 404
    invalidate("/g/xhqgmdh.html", reference="edge-5")
    assert sandbox.fetch("/g/xhqgmdh").content == b"here"


def test_uploads_and_what_never_was_are_the_same_404(sandbox):
    never = sandbox.fetch("/g/aaaaaaa")
    assert sandbox.fetch("/uploads/xhqgmdh/p.jpg").content == never.content
    assert sandbox.fetch("/").status_code == never.status_code == 404


def test_through_the_wrong_door_the_key_is_lost_and_the_answer_403(
    sandbox, service_key, event, web
):
    door = f"{sandbox.urls['edge']}/crew-api/prod/events"
    answer = web.post(door, json=event, headers={"X-Service-Key": service_key})
    assert answer.status_code == 403
    assert sandbox.crew_events() == []


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("/g/XHQGMDH", "/g/xhqgmdh.html"),
        ("/g/xhqgmdh", "/g/xhqgmdh.html"),
        ("/g/XHQGMDH.html", "/g/XHQGMDH.html"),
        ("/g/a/b", "/g/a/b"),
        ("/index.html", "/index.html"),
    ],
)
def test_the_deployed_function_rewrites_as_the_edge_does(uri, expected):
    code = Path(__file__).parents[3] / "deploy/cloudfront/rewrite.js"
    asked = f"console.log(handler({{request: {{uri: {uri!r}}}}}).uri)"
    done = subprocess.run(
        ["node", "-e", code.read_text() + asked], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == expected
