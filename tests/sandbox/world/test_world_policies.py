"""The emulator refuses what the policies of deploy/iam refuse, and nothing that the bot needs."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from sandbox.aws.accounts import CREW_ROLE, GUEST_ROLE, MAIL_ROLE

pytestmark = pytest.mark.usefixtures("sandbox")

DENIED = {"AccessDenied", "AccessDeniedException", "AccessDeniedError"}
EVENT_KEY = {"event_id": {"S": "e1"}}
SIMPLE = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "b"}}}}


def refused(call: Callable[..., Any], **parameters: Any) -> bool:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value.response["Error"]["Code"] in DENIED


def test_the_bot_reads_its_secrets_and_no_list_of_them(bot):
    secrets = bot.client("secretsmanager")
    for name in ("charter/jada", "charter/scc", "charter/guest"):
        assert secrets.get_secret_value(SecretId=name)["SecretString"]
    assert refused(secrets.list_secrets)
    assert refused(secrets.put_secret_value, SecretId="charter/jada", SecretString="{}")


def test_the_bot_finds_calendar_entries_and_writes_none(bot):
    table = bot.client("dynamodb")
    found = table.query(
        TableName="JadaCalendar-Prod",
        IndexName="booking_id-index",
        KeyConditionExpression="booking_id = :id",
        ExpressionAttributeValues={":id": {"S": "xhqgmdh"}},
    )
    assert found["Items"] == []
    assert table.scan(TableName="JadaCalendar-Prod", ConsistentRead=True)["Count"] == 0
    assert table.describe_table(TableName="JadaCalendar-Prod")
    assert refused(table.put_item, TableName="JadaCalendar-Prod", Item={"id": {"S": "x"}})
    assert refused(table.delete_table, TableName="JadaCalendar-Prod")


def test_the_bot_itself_neither_publishes_nor_mails(bot):
    assert refused(bot.client("s3").put_object, Bucket="sailjada.com", Key="x", Body=b"x")
    assert refused(
        bot.client("sesv2").send_email,
        FromEmailAddress="charters@sailjada.com",
        Destination={"ToAddresses": ["ops@sailjada.com"]},
        Content=SIMPLE,
    )


def test_the_bot_may_become_its_three_roles_and_no_other(bot):
    for role in (CREW_ROLE, GUEST_ROLE, MAIL_ROLE):
        assert bot.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    other = "arn:aws:iam::222222222222:role/crew-service"
    assert refused(bot.client("sts").assume_role, RoleArn=other, RoleSessionName="test")


def test_one_role_cannot_become_another(bot):
    sts = bot.client("sts", GUEST_ROLE)
    assert refused(sts.assume_role, RoleArn=CREW_ROLE, RoleSessionName="test")


def test_the_crew_role_scrubs_notes_and_sees_the_function(bot, sandbox):
    item = sandbox.put_legacy_event("xhqgmdh", event_id="e1", shape="prose")
    table = bot.client("dynamodb", CREW_ROLE)
    assert table.get_item(TableName="scc-events", Key=EVENT_KEY, ConsistentRead=True)["Item"]
    table.update_item(
        TableName="scc-events",
        Key=EVENT_KEY,
        UpdateExpression="SET notes = :new",
        ConditionExpression="notes = :seen",
        ExpressionAttributeValues={":new": {"S": "clean"}, ":seen": {"S": item["notes"]}},
    )
    assert sandbox.crew_events("xhqgmdh")[0]["notes"] == "clean"
    configuration = bot.client("lambda", CREW_ROLE).get_function_configuration(
        FunctionName="ShipCaptainCrew"
    )
    assert len(configuration["Environment"]["Variables"]["SERVICE_KEY_HASH"]) == 64


def test_the_crew_role_neither_makes_nor_deletes_events(bot):
    table = bot.client("dynamodb", CREW_ROLE)
    assert refused(table.put_item, TableName="scc-events", Item=EVENT_KEY)
    assert refused(table.delete_item, TableName="scc-events", Key=EVENT_KEY)
    assert refused(
        bot.client("lambda", CREW_ROLE).update_function_configuration,
        FunctionName="ShipCaptainCrew",
        Environment={"Variables": {}},
    )
    assert refused(bot.client("lambda", CREW_ROLE).invoke, FunctionName="ShipCaptainCrew")


def test_the_guest_role_publishes_pages_and_tells_missing_from_forbidden(bot):
    s3 = bot.client("s3", GUEST_ROLE)
    s3.put_object(Bucket="queenofsandiego.com", Key="g/xhqgmdh.html", Body=b"<p>hi")
    got = s3.get_object(Bucket="queenofsandiego.com", Key="g/xhqgmdh.html")
    with got["Body"] as body:
        assert body.read() == b"<p>hi"
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="queenofsandiego.com", Key="g/missing.html")
    assert s3.head_bucket(Bucket="queenofsandiego.com")


def test_the_guest_role_touches_nothing_else(bot):
    s3 = bot.client("s3", GUEST_ROLE)
    bucket = "queenofsandiego.com"
    assert refused(s3.put_object, Bucket=bucket, Key="index.html", Body=b"x")
    assert refused(s3.get_object, Bucket=bucket, Key="uploads/a.jpg")
    assert refused(s3.delete_object, Bucket=bucket, Key="g/xhqgmdh.html")
    assert refused(s3.delete_bucket, Bucket=bucket)
    assert refused(s3.put_bucket_policy, Bucket=bucket, Policy="{}")


def test_the_guest_role_cannot_read_the_crews_events(bot, sandbox):
    sandbox.put_legacy_event("xhqgmdh", event_id="e1")
    table = bot.client("dynamodb", GUEST_ROLE)
    assert refused(table.get_item, TableName="scc-events", Key=EVENT_KEY)


def test_the_guest_role_invalidates_its_own_distribution_alone(bot, distribution_id):
    cloudfront = bot.client("cloudfront", GUEST_ROLE)
    batch = {"Paths": {"Quantity": 1, "Items": ["/g/x"]}, "CallerReference": "policies"}
    made = cloudfront.create_invalidation(DistributionId=distribution_id, InvalidationBatch=batch)
    assert made["Invalidation"]["Id"]
    config = cloudfront.get_distribution_config(Id=distribution_id)["DistributionConfig"]
    functions = config["DefaultCacheBehavior"]["FunctionAssociations"]["Items"]
    assert functions[0]["EventType"] == "viewer-request"
    function = cloudfront.get_function(Name="charter-guest-pages", Stage="LIVE")
    assert b"toLowerCase" in function["FunctionCode"].read()
    assert refused(cloudfront.create_invalidation, DistributionId="EOTHER", InvalidationBatch=batch)
    assert refused(cloudfront.delete_distribution, Id=distribution_id, IfMatch="x")


def test_the_mail_role_sends_mail_and_reads_no_secret(bot, sandbox):
    ses = bot.client("sesv2", MAIL_ROLE)
    ses.send_email(
        FromEmailAddress="charters@sailjada.com",
        Destination={"ToAddresses": ["ops@sailjada.com"], "BccAddresses": ["c@example.com"]},
        Content=SIMPLE,
    )
    (mail,) = sandbox.mails("c@example.com")
    assert mail["to"] == ["ops@sailjada.com"]
    assert ses.get_account()["ProductionAccessEnabled"]
    assert ses.get_email_identity(EmailIdentity="charters@sailjada.com")["VerifiedForSendingStatus"]
    assert refused(
        bot.client("secretsmanager", MAIL_ROLE).get_secret_value, SecretId="charter/jada"
    )
    assert refused(ses.create_email_identity, EmailIdentity="evil@example.com")


def test_nobody_sends_as_somebody_who_is_not_verified(bot):
    with pytest.raises(ClientError, match="not verified"):
        bot.client("sesv2", MAIL_ROLE).send_email(
            FromEmailAddress="someone@example.com",
            Destination={"ToAddresses": ["ops@sailjada.com"]},
            Content=SIMPLE,
        )


def test_a_wrong_signature_gets_nothing(sandbox):
    client = boto3.client(
        "secretsmanager",
        region_name="us-west-2",
        endpoint_url=sandbox.env["AWS_ENDPOINT_URL"],
        aws_access_key_id=sandbox.env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key="not the secret",
    )
    with pytest.raises(ClientError):
        client.get_secret_value(SecretId="charter/jada")
    client.close()
