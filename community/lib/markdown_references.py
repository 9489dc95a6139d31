"""`@handle` and `#123` in the source text, outside code.

People type `@handle`; what is stored is `@{42}`, the profile's id, because handles change. Whoever types `@{42}` mentions
profile 42, which is harmless: ids in a body are looked up like handles are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from community.lib.markdown_blocks import parse

MAX_REFERENCES = 50
"""Distinct people, threads and pictures one body may name; more stay plain text."""

MAX_SCANNED = 200_000
"""Characters past which a body (an imported one) is not looked through for references."""

HANDLE = r"@([A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}[A-Za-z0-9])?)(?![^\W_]|[/@]|[_-]+[^\W_])"
TOKEN = r"@\{(\d{1,18})\}"  # noqa: S105
THREAD = r"#(\d{1,18})(?!\w)"
HANDLE_BEFORE = r"(?<![^\W_])(?<![@/#&.-])"
# What may hold an @ or a # that means nothing: escapes, <autolinks>, bare URLs, link targets.
_OPAQUE = r"\\.|<[^<>\s]*>|\bhttps?://[^\s<>]+|\bwww\.[^\s<>]+|\]\([^()\s]*|"
_HANDLE = re.compile(_OPAQUE + HANDLE_BEFORE + HANDLE, re.IGNORECASE | re.DOTALL)
_TOKEN = re.compile(_OPAQUE + TOKEN, re.IGNORECASE | re.DOTALL)
_THREAD = re.compile(_OPAQUE + HANDLE_BEFORE + THREAD, re.IGNORECASE | re.DOTALL)
_UPLOAD = re.compile(
    r"(?:/uploads/|\]\([ \t]*<?|\]:[ \t]*)([\w-]+(?:/[\w-]+){0,3}\.(?:png|jpe?g|webp|gif|avif))\b", re.ASCII
)
_BACKTICKS = re.compile(r"`+")
_OPENER = re.compile(r"\\.|`+", re.DOTALL)


def encode_references(body: str, handles: Mapping[str, int]) -> str:
    """Return typed `body` as it is stored: `@handle` of `handles` (lower case → profile id) becomes `@{id}`."""

    def encode(match: re.Match[str]) -> str:
        profile = handles.get(match[1].lower()) if match[1] else None
        return match[0] if profile is None else f"@{{{profile}}}"

    return _rewrite(body, _HANDLE, encode) if "@" in body and handles else body


def decode_references(body: str, handles_by_id: Mapping[int, str]) -> str:
    """Return stored `body` as an editor shows it: `@{id}` of `handles_by_id` becomes `@handle`."""

    def decode(match: re.Match[str]) -> str:
        handle = handles_by_id.get(int(match[1])) if match[1] else None
        return match[0] if handle is None else f"@{handle}"

    return _rewrite(body, _TOKEN, decode) if "@{" in body and handles_by_id else body


def find_handles(body: str) -> set[str]:
    """Return the handles `body` may mention, in lower case: at most `MAX_REFERENCES`."""
    return set(_find(body, _HANDLE, "@"))


def find_reference_ids(body: str) -> tuple[set[int], set[int]]:
    """Return the profile ids and the thread ids that stored `body` names: at most `MAX_REFERENCES` each."""
    return {int(found) for found in _find(body, _TOKEN, "@{")}, {
        int(found) for found in _find(body, _THREAD, "#")
    }


def find_upload_names(body: str) -> set[str]:
    """Return the names that may be uploads of ours among the pictures of `body`: at most `MAX_REFERENCES`."""
    return set(list(dict.fromkeys(_UPLOAD.findall(body)))[:MAX_REFERENCES])


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where `code spans` begin and end in one block of text. Linear."""
    closers: dict[int, list[int]] = {}
    for run in _BACKTICKS.finditer(text):
        closers.setdefault(run.end() - run.start(), []).append(run.start())
    for starts in closers.values():
        starts.reverse()
    done = 0
    for opener in _OPENER.finditer(text):
        start, end = opener.span()
        if start < done or text[start] != "`":
            continue
        starts = closers.get(end - start, [])
        while starts and starts[-1] < end:
            starts.pop()
        if starts:
            done = starts[-1] + end - start
            yield start, done


def _find(body: str, pattern: re.Pattern[str], sign: str) -> list[str]:
    if sign not in body:
        return []
    found: dict[str, None] = {}

    def collect(match: re.Match[str]) -> str:
        if match[1] and len(found) < MAX_REFERENCES:
            found[match[1].lower()] = None
        return match[0]

    _rewrite(body, pattern, collect)
    return list(found)


def _rewrite(body: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> str:
    """Apply `pattern.sub` to the text of `body`, never to its code."""
    if len(body) > MAX_SCANNED:
        return body
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    lines = body.split("\n")
    for numbers in parse(body).text_lines:
        text = "\n".join(lines[number] for number in numbers)
        parts, done = [], 0
        for start, end in code_spans(text):
            parts += [pattern.sub(replace, text[done:start]), text[start:end]]
            done = end
        parts.append(pattern.sub(replace, text[done:]))
        for number, line in zip(numbers, "".join(parts).split("\n"), strict=True):
            lines[number] = line
    return "\n".join(lines)
