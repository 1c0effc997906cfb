"""TXT records, where domains publish the keys that their mail is signed with."""

from urllib.parse import urlsplit

from dns.asyncresolver import Resolver
from dns.exception import DNSException
from dns.rdtypes.ANY.TXT import TXT
from dns.resolver import NXDOMAIN, NoAnswer, NoResolverConfiguration

from bot.domain.errors import Retriable
from bot.services.call_log import logged_call

_SECONDS = 4.0  # for all tries at a name together
_A_TRY_SECONDS = 1.5
_PORT = 53


class DnsTextRecords:
    """Asked of the machine's own name servers, or of one that is named.

    Args:
        server: its address, with ":port" if that is not 53; empty for the machine's own.
    """

    def __init__(self, server: str = "") -> None:
        self._server = server
        self._resolver: Resolver | None = None

    async def of(self, name: str) -> tuple[bytes, ...]:
        """Each TXT record of a name, the strings that it is cut into joined; none if none is.

        Raises:
            Retriable: no server answers, or with an error, or none is known.
        """
        with logged_call("DNS", "TXT") as outcome:
            try:
                found = await self._resolved(name)
                outcome.status, outcome.well = "found" if found else "none", True
            except DNSException as error:
                outcome.status = type(error).__name__
                raise Retriable("The name servers do not answer.") from error
        return found

    async def _resolved(self, name: str) -> tuple[bytes, ...]:
        if self._resolver is None:
            self._resolver = _resolver(self._server)
        try:
            answer = await self._resolver.resolve(f"{name}.", "TXT", search=False)
        except (NXDOMAIN, NoAnswer):
            return ()
        return tuple(b"".join(record.strings) for record in answer if isinstance(record, TXT))


def _resolver(server: str) -> Resolver:
    resolver = Resolver(configure=not server)
    resolver.lifetime, resolver.timeout = _SECONDS, _A_TRY_SECONDS
    if server:
        parts = urlsplit(f"//{server}")
        if parts.hostname is None:
            raise NoResolverConfiguration
        resolver.nameservers, resolver.port = [parts.hostname], parts.port or _PORT
    return resolver
