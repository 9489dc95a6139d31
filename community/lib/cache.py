"""Django's cache on Valkey that fails open: with it down or paused, every read is a miss and nothing waits.

Only what limits count (ours and allauth's) is then kept in the process, so that passwords cannot be guessed meanwhile.
"""

from __future__ import annotations

from typing import Any

import redis
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from community.lib import valkey
from community.lib.signed import NotSigned, SignedSerializer

FAILURES = (redis.RedisError, OSError)
LIMITS = ("limit:", "allauth:rl:")
_limits = LocMemCache("limits", {"MAX_ENTRIES": 20_000})


class FailOpenRedisCache(RedisCache):
    """A cache whose loss is never an error. While it is away each process counts rate limits by itself."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_timeout", valkey.TIMEOUT_SECONDS)
        options.setdefault("socket_connect_timeout", valkey.TIMEOUT_SECONDS)
        options.setdefault("retry", None)
        options.setdefault("serializer", SignedSerializer)
        super().__init__(server, params)

    def _guarded(self, name: str, default: Any, *args: Any, **kwargs: Any) -> Any:
        if valkey.is_resting():
            return self._without(name, default, *args, **kwargs)
        try:
            return getattr(super(), name)(*args, **kwargs)
        except NotSigned:
            return default
        except FAILURES:
            valkey.rest()
            return self._without(name, default, *args, **kwargs)

    def _without(self, name: str, default: Any, *args: Any, **kwargs: Any) -> Any:
        if args and isinstance(args[0], str) and args[0].startswith(LIMITS):
            return getattr(_limits, name)(*args, **kwargs)
        return default

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._guarded("add", True, *args, **kwargs))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._guarded("get", default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._guarded("set", None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._guarded("touch", False, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._guarded("delete", False, *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return dict(self._guarded("get_many", {}, *args, **kwargs))

    def set_many(self, *args: Any, **kwargs: Any) -> list[str]:
        return list(self._guarded("set_many", [], *args, **kwargs))

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._guarded("delete_many", None, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._guarded("has_key", False, *args, **kwargs))

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return int(self._guarded("incr", 1, *args, **kwargs))

    def clear(self) -> None:
        _limits.clear()
        self._guarded("clear", None)
