from collections.abc import Iterator
from typing import Any

import pytest

from bot.domain.errors import NeedsPerson, Refused
from bot.services.aws import AwsAccounts
from bot.services.edge import CloudFrontEdge
from bot.services.guest_pages import S3GuestPages
from bot.services.public_site import GuestSite, origin

BUCKET = "queenofsandiego.com"
PAGE = "<!doctype html><p>Ahoy, Zoë".encode()


@pytest.fixture
def guest_role(emulator: Any) -> str:
    return emulator.role(emulator.guests)


@pytest.fixture
def bucket(emulator: Any) -> Iterator[Any]:
    s3 = emulator.admin("s3", emulator.guests)
    where = {"LocationConstraint": "us-west-2"}
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    yield s3
    for held in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        s3.delete_object(Bucket=BUCKET, Key=held["Key"])
    s3.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def pages(accounts: AwsAccounts, guest_role: str) -> S3GuestPages:
    s3 = accounts.client("s3", guest_role)
    return S3GuestPages(s3, bucket=BUCKET, key="g/{slug}.html", case_alias=True)


async def test_a_page_is_stored_as_browsers_need_it(pages: S3GuestPages, bucket: Any) -> None:
    key = pages.keys("XHQGMDH")[0]
    assert await pages.get(key) is None
    await pages.put(key, PAGE)
    await pages.put(key, PAGE)
    assert await pages.get(key) == PAGE
    stored = bucket.get_object(Bucket=BUCKET, Key="g/xhqgmdh.html")
    stored["Body"].close()
    assert stored["ContentType"] == "text/html; charset=utf-8"
    assert stored["CacheControl"] == "public, max-age=60, s-maxage=86400"


def test_a_page_stands_under_both_spellings_where_that_is_wanted(
    accounts: AwsAccounts, pages: S3GuestPages, guest_role: str
) -> None:
    assert pages.keys("Xhqgmdh") == ("g/xhqgmdh.html", "g/XHQGMDH.html")
    assert pages.keys("123456") == ("g/123456.html",)
    s3 = accounts.client("s3", guest_role)
    single = S3GuestPages(s3, bucket=BUCKET, key="g/{slug}.html", case_alias=False)
    assert single.keys("XHQGMDH") == ("g/xhqgmdh.html",)
    for text in ("../xhqgmdh", "xhqgmdh\n", "*"):
        with pytest.raises(Refused):
            pages.keys(text)


async def test_a_missing_bucket_is_named(pages: S3GuestPages) -> None:
    with pytest.raises(NeedsPerson, match=f"no the bucket {BUCKET}|bucket {BUCKET}") as told:
        await pages.put("g/xhqgmdh.html", PAGE)
    assert "NoSuchBucket" in told.value.what


@pytest.fixture
def edge(accounts: AwsAccounts, emulator: Any, vault: Any, guest_role: str) -> CloudFrontEdge:
    made = emulator.admin("cloudfront", emulator.guests).create_distribution(
        DistributionConfig={
            "CallerReference": "guest-site",
            "Comment": "",
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {
                        "Id": "pages",
                        "DomainName": f"{BUCKET}.s3.amazonaws.com",
                        "S3OriginConfig": {"OriginAccessIdentity": ""},
                    }
                ],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "pages",
                "ViewerProtocolPolicy": "redirect-to-https",
                "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
                "MinTTL": 0,
            },
        }
    )["Distribution"]["Id"]
    cloudfront = accounts.client("cloudfront", guest_role)
    return CloudFrontEdge(cloudfront, vault(distribution=made), distribution_id="env:distribution")


def test_every_path_of_a_page_is_named(edge: CloudFrontEdge) -> None:
    assert edge.paths("xhqgmdh") == (
        "/g/xhqgmdh",
        "/g/xhqgmdh.html",
        "/g/XHQGMDH",
        "/g/XHQGMDH.html",
    )
    with pytest.raises(Refused):
        edge.paths("*")


async def test_the_same_work_is_one_invalidation(edge: CloudFrontEdge) -> None:
    paths = edge.paths("xhqgmdh")
    first = await edge.invalidate(paths, "publish-1")
    assert (await edge.invalidate(paths, "publish-1")).id == first.id
    assert (await edge.invalidate(paths, "publish-2")).id != first.id
    seen = await edge.status(first.id)
    assert (seen.id, seen.done) == (first.id, True)


async def test_the_same_reference_for_other_paths_is_refused(edge: CloudFrontEdge) -> None:
    await edge.invalidate(edge.paths("xhqgmdh"), "publish-3")
    with pytest.raises(Refused, match="InvalidationBatchAlreadyExists"):
        await edge.invalidate(edge.paths("abcdefg"), "publish-3")


async def test_a_distribution_that_is_not_there_needs_a_person(
    accounts: AwsAccounts, vault: Any, guest_role: str
) -> None:
    cloudfront = accounts.client("cloudfront", guest_role)
    edge = CloudFrontEdge(cloudfront, vault(d="E0NONE"), distribution_id="env:d")
    with pytest.raises(NeedsPerson, match="NoSuchDistribution"):
        await edge.invalidate(edge.paths("xhqgmdh"), "publish-4")


@pytest.fixture
def site(http: Any, stand_in: Any) -> GuestSite:
    return GuestSite(http, stand_in.url + "/g/{slug}")


async def test_both_spellings_are_fetched_fresh(site: GuestSite, stand_in: Any) -> None:
    stand_in.answers(200, PAGE.decode())
    assert [await site.fetch(url) for url in site.urls("xhqgmdh")] == [PAGE, PAGE]
    assert [asked.path for asked in stand_in.asked] == ["/prod/g/xhqgmdh", "/prod/g/XHQGMDH"]
    assert {asked.headers["Cache-Control"] for asked in stand_in.asked} == {"no-cache"}


async def test_a_page_that_is_not_there_is_told_apart_from_other_trouble(
    site: GuestSite, stand_in: Any
) -> None:
    url = site.urls("xhqgmdh")[0]
    stand_in.answers(404, "<p>no")
    with pytest.raises(NeedsPerson, match=r"no page under this address \(404\)"):
        await site.fetch(url)
    stand_in.answers(403, "<p>no")
    with pytest.raises(NeedsPerson) as told:
        await site.fetch(url)
    assert "origin access" in told.value.hint
    stand_in.answers(301, None, Location="https://elsewhere.example/")
    with pytest.raises(NeedsPerson, match="redirected"):
        await site.fetch(url)


@pytest.mark.parametrize("tail", ["/g/../admin", "/g/xhqgmdh?x=1", "/admin", "/g/xhqgmdh/x"])
async def test_only_guest_pages_are_fetched(site: GuestSite, stand_in: Any, tail: str) -> None:
    with pytest.raises(Refused):
        await site.fetch(stand_in.url + tail)
    assert not stand_in.asked


def test_the_origin_of_a_public_address() -> None:
    assert origin("https://queenofsandiego.com/g/{slug}") == "https://queenofsandiego.com"
