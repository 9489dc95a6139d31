"""How entries are chained by digests: pure functions, used for writing and for verifying."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

Facts = dict[str, Any]

# Ids, slugs, states and times are in lower case, without spaces and @; whatever else a string holds may be about a person.
_WORD = re.compile(r"[a-z0-9_.:/+-]{0,120}|\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)?")
ERASABLE = "(words)"


def split_facts(facts: Mapping[str, Any] | None) -> tuple[Facts | None, Facts]:
    """Split `facts` into what the chain keeps and the free texts, which go to the erasable row."""
    if facts is None:
        return None, {}
    kept, words = {}, {}
    for name, value in facts.items():
        plain = _plain(value)
        if _is_wordy(plain):
            kept[name], words[name] = ERASABLE, plain
        else:
            kept[name] = plain
    return kept, words


def _plain(value: object) -> Any:
    """Reduce `value` to what comes back from jsonb unchanged: floats and times become text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [
            _plain(part) for part in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)
        ]
    return str(value).replace("\x00", "")


def _is_wordy(value: object) -> bool:
    if isinstance(value, str):
        return _WORD.fullmatch(value) is None
    if isinstance(value, dict):
        return any(_is_wordy(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_is_wordy(part) for part in value)


def canonical(facts: object) -> bytes:
    """Return the one JSON text of `facts`: keys sorted, no spaces, ASCII only."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def digest_of_detail(salt: str, *, reason: str, title: str, before: Facts, after: Facts) -> str:
    """Return the salted digest of an entry's texts. Once the salt is erased, the texts can't be guessed."""
    return _sha256({"salt": salt, "reason": reason, "title": title, "before": before, "after": after})


def digest_of_entry(
    *,
    previous: str,
    actor_id: int | None,
    action: str,
    target: str,
    before: Facts | None,
    after: Facts | None,
    created_at: dt.datetime,
    source_key: str | None,
    detail_digest: str,
) -> str:
    """Return the digest of an entry and, through `previous`, of everything before it."""
    return _sha256(
        {
            "previous": previous,
            "actor": actor_id,
            "action": action,
            "target": target,
            "before": before,
            "after": after,
            "time": created_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "cause": source_key,
            "detail": detail_digest,
        }
    )


def _sha256(facts: Facts) -> str:
    return hashlib.sha256(canonical(facts)).hexdigest()
