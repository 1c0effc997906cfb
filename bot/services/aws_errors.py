"""What AWS says, by its codes, translated once into what a caller can do about it."""

from botocore import exceptions as aws

from bot.domain.errors import NeedsPerson, Refused, Retriable, ServiceError, Unknown
from bot.services.aws import Call

_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyInvalidationsInProgress",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
_FORBIDDEN = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "NotAuthorized",
        "UnauthorizedOperation",
        "403",
    }
)
_BAD_CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "InvalidToken",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException"})
_CLOCK = frozenset({"RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture"})
# Most services call a signature wrong whose time is, and only their message tells which it is.
_SIGNATURE = frozenset({"InvalidSignatureException", "SignatureDoesNotMatch"})
_OUT_OF_TIME = ("Signature expired", "Signature not yet current")
_MISSING = frozenset(
    {
        "NoSuchBucket",
        "NoSuchDistribution",
        "NoSuchEntity",
        "NoSuchInvalidation",
        "NotFoundException",
        "ResourceNotFoundException",
        "404",
    }
)
_NEVER_SENT = (
    aws.EndpointConnectionError,
    aws.ConnectTimeoutError,
    aws.ProxyConnectionError,
    aws.SSLError,
)
_BROKEN = (
    aws.HTTPClientError,
    aws.IncompleteReadError,
    aws.ResponseStreamingError,
    aws.ChecksumError,
    aws.FlexibleChecksumError,
)
_NO_CREDENTIALS = (
    aws.NoCredentialsError,
    aws.PartialCredentialsError,
    aws.CredentialRetrievalError,
    aws.MetadataRetrievalError,
    aws.TokenRetrievalError,
    aws.SSOError,
    aws.LoginError,
)
_REDIRECT, _DENIED, _SERVER_FAULT = 300, 400, 500


class UnusableAnswerError(aws.BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """Something answered with success, and it was not AWS, or not all of what AWS says."""

    fmt = "An answer that is none of AWS"


class RedirectedError(aws.BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """A redirect, though not to the region of a bucket, which S3 names."""

    fmt = "Redirected with {status}"


def code_of(error: Exception) -> str:
    """AWS's code for an error, or the name of what broke."""
    if isinstance(error, aws.ClientError):
        return str(error.response.get("Error", {}).get("Code", "")) or "ClientError"
    return type(error).__name__


def translated(error: aws.ClientError | aws.BotoCoreError, call: Call) -> ServiceError:
    """The error in the bot's words. AWS's own message stays out: it quotes names and addresses."""
    if isinstance(error, aws.ClientError):
        return _answered(error, call)
    if isinstance(error, RedirectedError):
        return _redirected(error.kwargs["status"], call)
    if isinstance(error, UnusableAnswerError):
        return _unusable(call)
    if isinstance(error, _BROKEN) and not isinstance(error, _NEVER_SENT):
        late = isinstance(error, aws.ReadTimeoutError)
        unclear = _unclear(f"AWS {call.system} broke off before its answer was whole.", call)
        return too_late(call) if late else unclear
    return _unsent(error, call)


def _answered(error: aws.ClientError, call: Call) -> ServiceError:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if _is_out_of_time(error):
        return _to_be_mended("RequestTimeTooSkewed", "", call)
    if _REDIRECT <= status < _DENIED:
        return _redirected(status, call)
    return _by_code(code_of(error), status, call)


def _unsent(error: aws.BotoCoreError, call: Call) -> ServiceError:
    if isinstance(error, _NEVER_SENT):
        return Retriable(
            f"AWS {call.system} could not be reached.",
            "If this goes on, check the network, the region and AWS_ENDPOINT_URL.",
        )
    if isinstance(error, _NO_CREDENTIALS):
        return _no_credentials(code_of(error), call)
    if isinstance(error, aws.ParamValidationError):
        return Refused(f"The request for {call.action} is not one that AWS takes.")
    return NeedsPerson(
        f"AWS {call.system} cannot be used ({code_of(error)}).",
        "Check AWS_DEFAULT_REGION, AWS_PROFILE and AWS_ENDPOINT_URL.",
    )


def too_late(call: Call) -> ServiceError:
    """The error for a call that was waited for as long as calls are."""
    return _unclear(f"AWS {call.system} did not answer in time.", call)


def cannot_assume(error: aws.ClientError | aws.BotoCoreError, call: Call) -> ServiceError:
    """The error for credentials that could not be had; the call itself was never sent."""
    sts = Call("sts", "assume_role", about=call.role_arn, idempotent=True)
    if isinstance(error, aws.ClientError) and code_of(error) in _FORBIDDEN:
        return NeedsPerson(
            f"The bot may not assume the role {call.role_arn}.",
            "Allow sts:AssumeRole on it to the bot's own AWS user, and name that user in the "
            "role's trust policy.",
        )
    return translated(error, sts)


def _by_code(code: str, status: int, call: Call) -> ServiceError:
    about = f" {call.about}" if call.about else ""
    if code in _THROTTLED:
        return Retriable(f"AWS {call.system} is asked too often ({code}).")
    if code in _FORBIDDEN:
        return NeedsPerson(
            f"AWS does not allow {call.action} on{about or ' what was asked for'} ({code}).",
            f"Allow that action to {call.who}; the policies to copy are in deploy/.",
        )
    if code in _BAD_CREDENTIALS:
        return _no_credentials(code, call)
    if code in _CLOCK or code in _MISSING:
        return _to_be_mended(code, about, call)
    if status >= _SERVER_FAULT or code == "RequestTimeout":
        return _unclear(f"AWS {call.system} failed to answer ({code}).", call)
    return Refused(f"AWS {call.system} refused {call.action}{about} ({code}).")


def _to_be_mended(code: str, about: str, call: Call) -> NeedsPerson:
    if code in _CLOCK:
        return NeedsPerson(
            f"AWS {call.system} finds our clock wrong ({code}).",
            "Set the clock of the machine that the bot runs on.",
        )
    return NeedsPerson(
        f"AWS {call.system} has no{about or ' such thing'} ({code}).",
        "Check its name in charter.toml, and the region and account it is in.",
    )


def _is_out_of_time(error: aws.ClientError) -> bool:
    message = str(error.response.get("Error", {}).get("Message", ""))
    return code_of(error) in _SIGNATURE and message.startswith(_OUT_OF_TIME)


def _redirected(status: int, call: Call) -> NeedsPerson:
    return NeedsPerson(
        f"AWS {call.system} redirected the request ({status}).",
        "Check AWS_DEFAULT_REGION and AWS_ENDPOINT_URL: redirects are not followed, so that no "
        "credential travels along.",
    )


def _unusable(call: Call) -> ServiceError:
    what = f"Something answered in the place of AWS {call.system}, or cut its answer short."
    hint = "Check AWS_ENDPOINT_URL, and what stands between the bot and AWS, such as a proxy."
    if call.idempotent:
        return NeedsPerson(what, hint)
    return Unknown(f"{what} The request went out, so it may or may not have had its effect.", hint)


def _no_credentials(code: str, call: Call) -> NeedsPerson:
    if code in _EXPIRED:
        return NeedsPerson(
            f"The credentials of {call.who} have expired ({code}).",
            "Renew AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or sign in to "
            "the profile again; then start the bot anew.",
        )
    return NeedsPerson(
        f"AWS does not accept the credentials of {call.who} ({code}).",
        "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile or instance role.",
    )


def _unclear(what: str, call: Call) -> ServiceError:
    if call.idempotent:
        return Retriable(what)
    return Unknown(
        f"{what} The request went out, so it may or may not have had its effect.",
        f"Look at {call.system} before it is asked again.",
    )
