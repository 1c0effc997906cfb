import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from doctor_world import NOW, Healthy, forbidden, world_of

from bot.doctor import Check, Level, examine
from bot.doctor.database import _slots
from bot.doctor.slack import SCOPES
from bot.domain.errors import NeedsPerson, Retriable
from bot.places import Places
from bot.store import schema
from bot.store.database import make_engine

ROOT = Path(__file__).parents[2]


@pytest.fixture
def healthy() -> Healthy:
    return Healthy()


@pytest.fixture
def found(healthy: Healthy, tmp_path: Path):
    """Examine the world as the test has left it; checks by name."""
    engine = make_engine(f"sqlite:///{tmp_path}/charter.db")
    schema.migrate(engine)
    engine.dispose()

    async def run(**environ: str) -> dict[str, Check]:
        checks = await examine(world_of(healthy, tmp_path, **environ))
        assert len({check.name for check in checks}) == len(checks)
        return {check.name: check for check in checks}

    return run


def troubled(checks: dict[str, Check]) -> set[str]:
    return {name for name, check in checks.items() if check.level is not Level.OK}


async def test_a_healthy_world_has_no_complaint(found):
    checks = await found()
    assert troubled(checks) == set()
    assert {
        "Slack bot token",
        "Slack scopes",
        "Slack app token",
        "Slack channel",
        "Operator U0CAPTAIN",
        "Operator S0OPS",
        "Database",
        "Engine",
        "Secret crew_service.key",
        "Secret calendar.token",
        "Calendar",
        "Calendar table",
        "Crew service",
        "Crew table",
        "SERVICE_KEY_HASH",
        "Bucket",
        "Public page zzdoctor",
        "Public page ZZDOCTOR",
        "Mail sender",
        "Mail account",
        "Clock against Slack",
        "Clock against AWS",
    } <= checks.keys()


async def test_nothing_that_is_told_holds_a_secret(healthy, found):
    healthy.aws_answers["get_function_configuration"] = {}
    assert "canary" not in repr(await found())


def test_the_scopes_are_those_of_the_manifest():
    manifest = (ROOT / "manifest.yml").read_text()
    bot = manifest.partition("bot:\n")[2].partition("\nsettings:")[0]
    assert set(re.findall(r"^\s+- ([a-z]+(?::[a-z]+)?)", bot, re.MULTILINE)) == SCOPES


@pytest.mark.parametrize(
    ("method", "answer", "name", "says", "remedy"),
    [
        ("auth.test", {"ok": False, "error": "invalid_auth"}, "Slack bot token", "invalid_auth",
         "SLACK_BOT_TOKEN"),
        ("apps.connections.open", {"ok": False, "error": "not_allowed_token_type"},
         "Slack app token", "not_allowed_token_type", "connections:write"),
        ("conversations.info", {"ok": False, "error": "channel_not_found"}, "Slack channel",
         "channel_not_found", "slack.channel"),
        ("conversations.info", {"ok": True, "channel": {"name": "dock", "is_member": False}},
         "Slack channel", "not in #dock", "/invite"),
        ("conversations.info", {"ok": True, "channel": {"name": "dock", "is_archived": True}},
         "Slack channel", "archived", "another channel"),
        ("users.info", {"ok": False, "error": "user_not_found"}, "Operator U0CAPTAIN",
         "user_not_found", "slack.operators"),
        ("users.info", {"ok": True, "user": {"deleted": True}}, "Operator U0CAPTAIN",
         "deactivated", "slack.operators"),
        ("usergroups.users.list", {"ok": True, "users": []}, "Operator S0OPS", "empty", "Add"),
    ],
)  # fmt: skip
async def test_what_is_wrong_in_slack_is_said_with_its_remedy(
    healthy, found, method, answer, name, says, remedy
):
    healthy.slack_answers[method] = answer
    checks = await found()
    assert says in checks[name].what
    assert remedy in checks[name].hint
    assert name in troubled(checks)


async def test_missing_scopes_are_named(healthy, found):
    healthy.scopes = ",".join(SCOPES - {"files:read", "chat:write"})
    checks = await found()
    assert checks["Slack scopes"].what == "Not granted: chat:write, files:read."
    assert troubled(checks) == {"Slack scopes"}


async def test_over_http_there_is_no_app_token_to_check(found):
    checks = await found(SLACK_APP_TOKEN="")
    assert "HTTP" in checks["Slack app token"].what


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({}, "has none"),
        ({"Environment": {}}, "has none"),
        ({"Environment": {"Variables": {"SERVICE_KEY_HASH": "0" * 64}}}, "another key"),
    ],
)
async def test_a_crew_lambda_that_lets_nobody_in_is_found(healthy, found, answer, says):
    healthy.aws_answers["get_function_configuration"] = answer
    checks = await found()
    assert says in checks["SERVICE_KEY_HASH"].what
    assert "sha256sum" in checks["SERVICE_KEY_HASH"].hint
    assert troubled(checks) == {"SERVICE_KEY_HASH"}


async def test_a_failing_service_spoils_no_other_check(healthy, found):
    healthy.calendar_error = NeedsPerson("The calendar answered 401.", "Check its token.")
    healthy.crew_error = Retriable("The crew service could not be reached.")
    healthy.aws_answers["describe_table"] = forbidden("dynamodb:describe_table")
    healthy.slack_answers["users.info"] = KeyError("a fault of the check itself")
    checks = await found()
    assert checks["Calendar"].hint == "Check its token."
    assert checks["Crew service"].what == "The crew service could not be reached."
    assert checks["Operators"].what == "The check itself failed (KeyError)."
    assert troubled(checks) == {
        "Calendar", "Crew service", "Calendar table", "Crew table", "Operators",
    }  # fmt: skip
    assert all(checks[name].hint for name in troubled(checks))


async def test_each_secret_that_cannot_be_had_is_named(healthy, found):
    async def get(reference: str, *, fresh: bool = False) -> str:
        if "guest" in reference:
            raise NeedsPerson("There is no secret charter/guest.", "Create it.")
        return "canary-service-key"

    healthy.get = get
    checks = await found()
    assert troubled(checks) == {"Secret guest_pages.distribution_id"}


@pytest.mark.parametrize("how", ["missing", "other"])
async def test_an_edge_that_rewrites_one_spelling_only_is_found(healthy, found, how):
    healthy.pages["ZZDOCTOR"] = how
    checks = await found()
    assert troubled(checks) == {"Public page ZZDOCTOR"}
    assert "attach deploy/cloudfront/rewrite.js" in checks["Public page ZZDOCTOR"].hint


async def test_the_function_that_rewrites_wrongly_is_named(healthy, found):
    healthy.pages["ZZDOCTOR"] = "missing"
    arn = "arn:aws:cloudfront::333333333333:function/guest-rewrite"
    healthy.aws_answers["get_distribution_config"] = {
        "DistributionConfig": {
            "DefaultCacheBehavior": {},
            "CacheBehaviors": {
                "Items": [
                    {
                        "FunctionAssociations": {
                            "Items": [{"EventType": "viewer-request", "FunctionARN": arn}]
                        }
                    }
                ]
            },
        }
    }
    hint = (await found())["Public page ZZDOCTOR"].hint
    assert "runs guest-rewrite" in hint


async def test_the_doctors_page_is_written_once(healthy, found):
    await found()
    before = dict(healthy.stored)
    await found()
    assert healthy.stored == before
    assert b"noindex" in healthy.stored["g/zzdoctor.html"]


async def test_a_sender_is_verified_by_its_domain_or_not_at_all(healthy, found):
    healthy.aws_answers["get_email_identity"] = lambda given: {
        "VerifiedForSendingStatus": given["EmailIdentity"] == "sailjada.com"
    }
    assert "sailjada.com is verified" in (await found())["Mail sender"].what
    healthy.aws_answers["get_email_identity"] = {}
    assert troubled(await found()) == {"Mail sender"}


async def test_the_ses_sandbox_is_a_warning_and_paused_sending_a_failure(healthy, found):
    healthy.aws_answers["get_account"] = {"SendingEnabled": True}
    account = (await found())["Mail account"]
    assert (account.level, account.ok) == (Level.WARN, True)
    assert "production access" in account.hint
    healthy.aws_answers["get_account"] = {"SendingEnabled": False}
    assert (await found())["Mail account"].level is Level.FAIL


@pytest.mark.parametrize(
    ("seconds", "level"),
    [(0, Level.OK), (60, Level.OK), (90, Level.WARN), (-90, Level.WARN), (400, Level.FAIL)],
)
async def test_the_clock_is_compared_with_slacks(healthy, found, seconds, level):
    told = NOW + timedelta(seconds=seconds)
    healthy.slack_date = told.strftime("%a, %d %b %Y %H:%M:%S GMT")
    clock = (await found())["Clock against Slack"]
    assert clock.level is level
    assert f"{abs(seconds)} s" in clock.what


async def test_jobs_of_another_version_are_reported(healthy, found):
    healthy.waiting = 2
    checks = await found()
    assert checks["Engine"].level is Level.WARN
    assert "2 unfinished jobs" in checks["Engine"].what


async def test_work_in_a_slot_that_no_replica_holds_is_reported(healthy, found):
    healthy.at_work = Places(held=("slot-0",), vacant={"slot-2": 3})
    replicas = (await found())["Replicas"]
    assert replicas.level is Level.WARN
    assert "3 in slot-2" in replicas.what
    assert "charter run" in replicas.hint


async def test_replicas_at_work_are_counted(healthy, found):
    healthy.at_work = Places(held=("slot-0",), vacant={})
    replicas = (await found())["Replicas"]
    assert replicas.level is Level.OK
    assert replicas.what.startswith("1 at work, of 1 at most")


async def test_more_replicas_than_the_command_knows_slots_is_no_tick(healthy, found):
    healthy.at_work = Places(held=("slot-0", "slot-1"), vacant={})
    replicas = (await found())["Replicas"]
    assert replicas.level is Level.WARN
    assert replicas.what.startswith("2 at work, of 1 at most")
    assert "CHARTER_SLOTS alike" in replicas.hint


def test_a_place_that_nobody_holds_is_no_tick():
    replicas = _slots(Places(held=("slot-0",), vacant={}), 2)
    assert replicas.level is Level.WARN
    assert "start another, charter run" in replicas.hint


async def test_nobody_at_work_is_a_warning_that_says_what_to_do(healthy, found):
    """No failure: the doctor is asked before the first start, too."""
    healthy.at_work = Places(held=(), vacant={})
    replicas = (await found())["Replicas"]
    assert replicas.level is Level.WARN
    assert replicas.what.startswith("None is at work, of 1 at most")
    assert "start it: charter run" in replicas.hint


async def test_a_restore_that_broke_off_is_a_failure(found, tmp_path):
    (tmp_path / "charter.db.restoring").write_text("{}")
    database = (await found())["Database"]
    assert database.level is Level.FAIL
    assert "A restore of it broke off" in database.what
    assert "restore again" in database.hint


async def test_an_engine_that_never_ran_is_a_warning(healthy, found):
    healthy.waiting = sa.exc.OperationalError("SELECT", {}, Exception("no such table"))
    engine = (await found())["Engine"]
    assert engine.level is Level.WARN
    assert "charter run makes them" in engine.hint


async def test_an_empty_database_is_a_warning_and_one_out_of_reach_a_failure(found, tmp_path):
    empty = f"sqlite:///{tmp_path}/other.db"
    assert (await found(CHARTER_DATABASE_URL=empty))["Database"].level is Level.WARN
    nowhere = "postgresql://bot:canary@127.0.0.1:1/charter"
    database = (await found(CHARTER_DATABASE_URL=nowhere))["Database"]
    assert database.level is Level.FAIL
    assert "canary" not in database.what + database.hint


async def test_a_check_that_hangs_is_given_up_and_the_others_are_told_meanwhile(healthy, tmp_path):
    told: list[str] = []

    async def quick(_world) -> list[Check]:
        return [Check.well("Quick", "fine")]

    async def hangs(_world) -> list[Check]:
        await asyncio.Event().wait()
        return []

    checks = await examine(
        world_of(healthy, tmp_path),
        report=lambda check: told.append(check.name),
        probes=(("Slow", hangs), ("Quick", quick)),
        patience_seconds=0.05,
    )
    assert told == ["Quick", "Slow"]
    assert [check.name for check in checks] == ["Slow", "Quick"]
    assert "No answer came" in checks[0].what
