"""The guests' pages as the public sees them, through the edge."""

from urllib.parse import urlsplit

from bot.domain.errors import NeedsPerson, Refused
from bot.services.http import HttpService
from bot.services.ids import checked_booking_id, spellings

_NOT_FOUND = 404
_HINTS = {
    403: "The edge may not read the bucket, or the page is missing and the edge may not list the "
    "bucket: check the distribution's origin access.",
}


class GuestSite:
    """The public address of the guests' pages.

    Args:
        http: the site's origin, such as "https://queenofsandiego.com".
        public_url: a page's address; holds "{slug}".
    """

    def __init__(self, http: HttpService, public_url: str) -> None:
        self._http = http
        self._public_url = public_url

    def urls(self, booking_id: str) -> tuple[str, ...]:
        """Both public spellings, the lower-case one, which guests are given, first."""
        return tuple(self._public_url.replace("{slug}", slug) for slug in spellings(booking_id))

    async def fetch(self, url: str) -> bytes:
        """The page's bytes, past every cache that heeds the request.

        Raises:
            NeedsPerson: it is not there; publishing and invalidating were over before this.
            Refused: the address is not one of the guest site.
        """
        path = urlsplit(self._checked(url)).path
        answer = await self._http.call(
            "fetch_page",
            "GET",
            path,
            idempotent=True,
            headers={"Cache-Control": "no-cache"},
            passing=frozenset({_NOT_FOUND}),
            hints=_HINTS,
        )
        if answer.status == _NOT_FOUND:
            raise NeedsPerson(
                "There is no page under this address (404).",
                "If it was published, check that the edge rewrites this spelling to the page.",
            )
        return answer.body

    def _checked(self, url: str) -> str:
        before, _, after = self._public_url.partition("{slug}")
        slug = url.removeprefix(before).removesuffix(after)
        if url != before + slug + after:
            raise Refused("This is no address of the guest site.")
        checked_booking_id(slug)
        return url


def origin(public_url: str) -> str:
    """Scheme and host of a public address, for the site's `HttpService`."""
    parts = urlsplit(public_url)
    return f"{parts.scheme}://{parts.netloc}"
