"""Whom a limit counts: the address a request came from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the caller's address, past as many proxies as `TRUSTED_PROXY_COUNT` says are ours."""
    address = request.META.get("REMOTE_ADDR") or ""
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= settings.ALLAUTH_TRUSTED_PROXY_COUNT:
            address = hops[-settings.ALLAUTH_TRUSTED_PROXY_COUNT]
    return address


def client_key(request: HttpRequest) -> str:
    """Return what a limiter counts by: an IPv4 address, or the /64 network of an IPv6 one."""
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)
