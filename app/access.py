"""The access code: how it is compared, the cookie that stands for it, the patience with wrong ones."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from app.problems import ProblemError
from app.settings import Settings

log = logging.getLogger(__name__)
# No letter or digit that is taken for another: eight of thirty are 39 bits, and wrong ones are throttled.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = re.compile(f"[{LETTERS}]{{4}}-[{LETTERS}]{{4}}")
# Addresses whose wrong codes are remembered; the longest known is forgotten first.
MAX_ADDRESSES = 10_000


def new_code() -> str:
    """Return a fresh access code, in a form that a class can type."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


@dataclass
class _Failures:
    """The wrong codes of one address, and when the first of them came."""

    since: float
    count: int = 0


class Access:
    """The access code of one server. Without one everybody gets in, which is for this machine alone.

    The cookie holds a key of its own that cannot be guessed, so that it is accepted even while an address has
    sent too many wrong codes: a class behind one address stays in, whoever plays with the code.
    """

    def __init__(
        self, settings: Settings, key: bytes | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        token = settings.access_token
        self._token = None if token is None else token.get_secret_value()
        key = key or secrets.token_bytes(32)
        # Another code, another cookie: whoever had the old one is asked for the new one.
        signed = hmac.new(key, (self._token or "").encode(), hashlib.sha256)
        self.cookie_value = signed.hexdigest()
        # Cookies know no ports: two servers of one machine must not end each other's.
        self.cookie_name = f"deltaboard-access-{settings.port}"
        self._most = settings.max_wrong_codes
        self._seconds = settings.wrong_code_seconds
        self._clock = clock
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        # How many wrong codes came in all, and how many were refused unread.
        self.wrong = 0
        self.throttled = 0

    @property
    def required(self) -> bool:
        """Whether a code is asked for at all."""
        return self._token is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may show."""
        return () if self._token is None else (self._token, self.cookie_value)

    def holds_cookie(self, value: str) -> bool:
        """Whether this is the cookie's value."""
        return _equal(value, self.cookie_value)

    def check(self, given: str, address: str) -> None:
        """Return for the right code; 401 for a wrong one, 429 unread where wrong ones came too often."""
        place = _network(address)
        failures = self._failures.get(place)
        now = self._clock()
        if failures is not None and now - failures.since >= self._seconds:
            del self._failures[place]
            failures = None
        if failures is not None and failures.count >= self._most:
            self.throttled += 1
            wait = max(1, round(failures.since + self._seconds - now))
            raise ProblemError("access-throttled", 429, limit=wait, headers={"retry-after": str(wait)})
        if self._token is not None and _equal(_typed(given, self._token), self._token):
            return
        self.wrong += 1
        if failures is None:
            failures = self._failures[place] = _Failures(now)
            while len(self._failures) > MAX_ADDRESSES:
                self._failures.popitem(last=False)
        failures.count += 1
        if failures.count == self._most:
            log.warning("too many wrong access codes from %s: refused for a while", place)
        raise refusal("access-wrong")


def refusal(code: str = "access-needed") -> ProblemError:
    """Return the 401 that asks for the code, or for the right one."""
    return ProblemError(code, 401, headers={"www-authenticate": 'Bearer realm="Deltaboard"'})


def _equal(given: str, right: str) -> bool:
    """Whether two secrets are equal, in a time that tells neither where they differ nor their length."""
    return hmac.compare_digest(_digest(given), _digest(right))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _typed(given: str, token: str) -> str:
    """Return what was given, as a generated code is written: people leave its hyphen out and type small."""
    if not CODE.fullmatch(token):
        return given
    letters = re.sub(r"[\s-]", "", given[:64]).upper()
    return f"{letters[:4]}-{letters[4:]}"


def _network(address: str) -> str:
    """Return whose address it is: an IPv6 network of 64 bits belongs to one, who may use all of it."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False))
