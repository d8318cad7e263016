"""How often one client may guess: a count in the cache, by the address that sign-in counts by too."""

import time
from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

WRONG_CODES = 20
WINDOW = 10 * 60
"""So many unknown codes within so many seconds; then every look-up waits."""


def _key(request: HttpRequest) -> str:
    client = str(get_adapter(request).get_client_ip(request))
    try:
        address = ip_address(client)
    except ValueError:
        pass
    else:
        if isinstance(address, IPv6Address):  # one household or office has a whole network of them
            client = str(ip_network(f"{address}/64", strict=False).network_address)
    return f"unknown-certificates:{client.replace(':', '-')}:{int(time.time()) // WINDOW}"


def may_look_up(request: HttpRequest) -> bool:
    """Whether this client has not guessed too often."""
    return int(cache.get(_key(request), 0)) < WRONG_CODES


def count_wrong_code(request: HttpRequest) -> None:
    """Note one unknown code."""
    key = _key(request)
    if not cache.add(key, 1, WINDOW):
        try:
            cache.incr(key)
        except ValueError:  # the window has just ended
            cache.add(key, 1, WINDOW)
