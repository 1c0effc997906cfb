"""Furnishes the three accounts: identities, roles, tables, secrets, buckets, CDN, senders."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sandbox.aws import accounts
from sandbox.aws.accounts import BOT_ACCOUNT, CREW_ACCOUNT, GUEST_ACCOUNT
from sandbox.aws.admin import Admin
from sandbox.aws.distribution import create_distribution
from sandbox.aws.policies import policy


@dataclass(frozen=True)
class Keys:
    """An IAM user's access key."""

    access_key: str
    secret: str


@dataclass(frozen=True)
class Furnished:
    """What came into being: the bot's keys, the crew service's for uploads, the CDN's id."""

    bot: Keys
    uploads: Keys
    distribution_id: str


def furnish(
    admin: Admin,
    secrets: Mapping[str, Mapping[str, str]],
    key_hash: str,
    origins: Sequence[str],
) -> Furnished:
    """Create everything, side by side where it does not depend on each other.

    Args:
        admin: the accounts' roots.
        secrets: secret name → its keys, in the bot's account.
        key_hash: the crew function's SERVICE_KEY_HASH.
        origins: the guest site and the crew's page, which may upload to the site's bucket.
    """
    with ThreadPoolExecutor(8, thread_name_prefix="furnish") as pool:
        guest = pool.submit(_guest_account, admin, origins)
        bot = pool.submit(_bot_account, admin)
        jobs: list[Callable[[], Any]] = [
            lambda: _table(admin, BOT_ACCOUNT, accounts.CALENDAR_TABLE, "id"),
            lambda: _table(admin, CREW_ACCOUNT, accounts.CREW_TABLE, "event_id"),
            lambda: _role(admin, accounts.CREW_ROLE, policy("crew-role")),
            lambda: _crew_function(admin, key_hash),
            lambda: admin.client("s3", BOT_ACCOUNT).create_bucket(
                Bucket=accounts.HOUSE_BUCKET, **_IN_REGION
            ),
            lambda: _sender(admin, BOT_ACCOUNT, accounts.SENDER_DOMAIN, accounts.SENDER),
            lambda: _sender(admin, CREW_ACCOUNT, accounts.SENDER_DOMAIN),
        ]
        running = [pool.submit(job) for job in jobs]
        distribution_id, uploads = guest.result()
        guest_secret = {accounts.GUEST_SECRET: {"distribution_id": distribution_id}}
        for name, value in {**secrets, **guest_secret}.items():
            running.append(pool.submit(_secret, admin, name, value))
        for job in running:
            job.result()
        return Furnished(bot.result(), uploads, distribution_id)


_IN_REGION = {"CreateBucketConfiguration": {"LocationConstraint": accounts.REGION}}


def _bot_account(admin: Admin) -> Keys:
    keys = _user(admin, BOT_ACCOUNT, accounts.BOT_USER, policy("bot-user"))
    _role(admin, accounts.MAIL_ROLE, policy("mail-role"))
    return keys


def _guest_account(admin: Admin, origins: Sequence[str]) -> tuple[str, Keys]:
    s3 = admin.client("s3", GUEST_ACCOUNT)
    s3.create_bucket(Bucket=accounts.GUEST_BUCKET, **_IN_REGION)
    methods = ["POST", "PUT"]
    rule = {"AllowedOrigins": [*origins], "AllowedMethods": methods, "AllowedHeaders": ["*"]}
    s3.put_bucket_cors(Bucket=accounts.GUEST_BUCKET, CORSConfiguration={"CORSRules": [rule]})
    distribution_id = create_distribution(admin.client("cloudfront", GUEST_ACCOUNT))
    _role(admin, accounts.GUEST_ROLE, policy("guest-pages-role", distribution_id))
    bucket = f"arn:aws:s3:::{accounts.GUEST_BUCKET}"
    allowed = {
        "s3:PutObject": f"{bucket}/uploads/*",
        "s3:GetObject": f"{bucket}/uploads/*/crew/*",  # to see that a photograph arrived
    }
    uploads = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": action, "Resource": resource}
            for action, resource in allowed.items()
        ],
    }
    return distribution_id, _user(admin, GUEST_ACCOUNT, "crew-uploads", json.dumps(uploads))


def _user(admin: Admin, account: str, name: str, document: str) -> Keys:
    iam = admin.client("iam", account)
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="charter-bot", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Keys(key["AccessKeyId"], key["SecretAccessKey"])


def _role(admin: Admin, arn: str, document: str) -> None:
    iam = admin.client("iam", arn.split(":")[4])
    name = arn.rpartition("/")[2]
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy("trust"))
    iam.put_role_policy(RoleName=name, PolicyName="charter-bot", PolicyDocument=document)


def _table(admin: Admin, account: str, table: str, key: str) -> None:
    admin.client("dynamodb", account).create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in (key, "booking_id")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": accounts.BOOKING_INDEX,
                "KeySchema": [{"AttributeName": "booking_id", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


def _secret(admin: Admin, name: str, value: Mapping[str, str]) -> None:
    admin.client("secretsmanager", BOT_ACCOUNT).create_secret(
        Name=name, SecretString=json.dumps(value)
    )


def _sender(admin: Admin, account: str, *identities: str) -> None:
    ses = admin.client("sesv2", account)
    for identity in identities:
        ses.create_email_identity(EmailIdentity=identity)
    ses.put_account_details(
        MailType="TRANSACTIONAL", WebsiteURL="https://sailjada.com", ProductionAccessEnabled=True
    )


def _crew_function(admin: Admin, key_hash: str) -> None:
    """The crew service's function, there to be described; the stand-in does its work."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as code:
        code.writestr("index.py", "def handler(event, context):\n    return {}\n")
    iam = admin.client("iam", CREW_ACCOUNT)
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
    role = iam.create_role(RoleName="crew-service", AssumeRolePolicyDocument=json.dumps(trust))
    admin.client("lambda", CREW_ACCOUNT).create_function(
        FunctionName=accounts.CREW_FUNCTION,
        Runtime="python3.12",
        Role=role["Role"]["Arn"],
        Handler="index.handler",
        Code={"ZipFile": packed.getvalue()},
        Environment={"Variables": {"SERVICE_KEY_HASH": key_hash}},
    )
