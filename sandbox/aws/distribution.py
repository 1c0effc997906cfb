"""The guest site's CDN: a distribution with the function that rewrites /g/…"""

from typing import Any

from sandbox.aws.accounts import GUEST_BUCKET, REWRITE_FUNCTION
from sandbox.aws.policies import rewrite_function

_CACHING_OPTIMISED = "658327ea-f89d-4fab-a63d-7e88639e58f6"  # AWS's managed policy of that name


def create_distribution(cloudfront: Any) -> str:
    """Publish the function, create the distribution, return its id."""
    created = cloudfront.create_function(
        Name=REWRITE_FUNCTION,
        FunctionConfig={"Comment": "guest pages", "Runtime": "cloudfront-js-2.0"},
        FunctionCode=rewrite_function(),
    )
    cloudfront.publish_function(Name=REWRITE_FUNCTION, IfMatch=created["ETag"])
    arn = created["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    answer = cloudfront.create_distribution(DistributionConfig=_config(arn))
    distribution_id: str = answer["Distribution"]["Id"]
    return distribution_id


def _config(function_arn: str) -> dict[str, Any]:
    origin = {
        "Id": "bucket",
        "DomainName": f"{GUEST_BUCKET}.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    behaviour = {
        "TargetOriginId": "bucket",
        "ViewerProtocolPolicy": "redirect-to-https",
        "CachePolicyId": _CACHING_OPTIMISED,
        "FunctionAssociations": {
            "Quantity": 1,
            "Items": [{"FunctionARN": function_arn, "EventType": "viewer-request"}],
        },
    }
    return {
        "CallerReference": "guest-site",
        "Comment": "guest pages",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behaviour,
    }
