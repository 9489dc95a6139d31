"""The last word on HTML from outside: what is not listed here does not reach a page."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Iterator
from typing import Any

from bleach.html5lib_shim import Filter  # type: ignore[attr-defined]
from bleach.sanitizer import Cleaner

from community.lib import emoji
from community.lib.markdown_urls import is_upload_url, safe_url

_TAGS = frozenset(
    "a abbr b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q s"
    " samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var".split()
)
_FOR_ALL = {"dir": re.compile("auto|ltr|rtl")}
_CODE = {"class": re.compile("hl-[kscdi]")}
_CELL = {
    "class": re.compile("cell-(?:end|center)"),
    "colspan": re.compile(r"[1-9]\d?"),
    "rowspan": re.compile(r"[1-9]\d?"),
}
_TEXT = re.compile(r".{0,1000}", re.DOTALL)
_NUMBER = re.compile(r"\d{1,9}")
_ATTRIBUTES: dict[str, dict[str, re.Pattern[str]]] = {
    "a": {"href": re.compile(".*", re.DOTALL), "title": _TEXT, "class": re.compile("mention|reference"), "rel": _TEXT},
    "abbr": {"title": _TEXT},
    "code": _CODE,
    "details": {"open": re.compile("open|")},
    "div": {"class": re.compile("table-scroll"), "tabindex": re.compile("0"), "role": re.compile("group"),
            "aria-label": re.compile("Table")},
    "img": {"src": re.compile(".*", re.DOTALL), "alt": _TEXT, "title": _TEXT, "width": _NUMBER, "height": _NUMBER,
            "loading": re.compile("lazy"), "decoding": re.compile("async")},
    "input": {"type": re.compile("checkbox"), "checked": re.compile("checked|"), "disabled": re.compile("disabled|"),
              "aria-label": re.compile("Done|To do")},
    "li": {"class": re.compile("task"), "value": _NUMBER},
    "ol": {"class": re.compile("tasks"), "start": _NUMBER},
    "pre": {"tabindex": re.compile("0"), "aria-label": re.compile(r"Code(?:, [^\"<>]{1,60})?")},
    "span": _CODE,
    "td": _CELL,
    "th": _CELL,
    "ul": {"class": re.compile("tasks")},
}  # fmt: skip
_EMOJI = re.compile(r":([\w+-]{1,50}):")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LINK_REL = "nofollow ugc noopener noreferrer"
_UNREADABLE = ("script", "style", "svg", "math", "iframe", "object", "template", "noscript", "head", "title")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# Text and elements that need nothing done: no attributes, no character that parsing or writing again would change.
_PLAIN = re.compile(
    r"(?:[^<>&\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|&(?:amp|lt|gt);|</?(?:p|em|strong|code|ul|ol|li|blockquote)>|<(?:br|hr)>)*"
)
_ELEMENT = re.compile(r"<(/?)(\w+)>")
_INSIDE = {
    "p": frozenset({"em", "strong", "code", "br"}),
    "em": frozenset({"strong", "code", "br"}),
    "strong": frozenset({"code", "br"}),
    "code": frozenset(),
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "li": frozenset({"p", "em", "strong", "code", "br", "ul", "ol", "blockquote"}),
    "blockquote": frozenset({"p", "ul", "ol", "blockquote"}),
    "": frozenset({"p", "ul", "ol", "blockquote", "hr"}),
}

_local = threading.local()


def sanitize(html: str, image_urls: Collection[str] = ()) -> str:
    """Return `html` with allowed tags and attributes only; pictures from `image_urls` and our uploads, others as links.

    The page owns two levels of headings, so the first one here is an h3, and no level is left out below it. Doing it
    all twice changes nothing.
    """
    return html if is_plain(html) else clean(html, image_urls)


def clean(html: str, image_urls: Collection[str] = ()) -> str:
    """Return what bleach and our own rules make of `html`."""
    cleaner: Cleaner | None = getattr(_local, "cleaner", None)
    if cleaner is None:
        cleaner = _local.cleaner = Cleaner(
            tags=_TAGS,
            attributes=_allowed,
            protocols={"http", "https", "mailto"},
            strip=True,
            filters=[_House],
        )
    _local.image_urls = image_urls
    try:
        cleaned: str = cleaner.clean(html)
    except BaseException:
        _local.cleaner = None
        raise
    return cleaned


def is_plain(html: str) -> bool:
    """Say whether `html` is well-formed and so simple that cleaning it would change nothing.

    Half of what imports bring is, and this is some twenty times quicker. What it is not sure of, it leaves to bleach.
    """
    if not _PLAIN.fullmatch(html):
        return False
    open_elements = [""]
    for closing, name in _ELEMENT.findall(html):
        if closing:
            if open_elements.pop() != name:
                return False
        elif name not in _INSIDE[open_elements[-1]]:
            return False
        elif name not in ("br", "hr"):
            open_elements.append(name)
    return len(open_elements) == 1


def drop_unreadable(html: str) -> str:
    """Take out elements whose text nobody should read (scripts, styles, drawings); for tidiness, not for safety."""
    html = _INVISIBLE.sub("", html)
    for tag in _UNREADABLE:
        opening, closing = re.compile(rf"<{tag}\b", re.IGNORECASE), re.compile(rf"</{tag}\s*>", re.IGNORECASE)
        parts, done = [], 0
        while (start := opening.search(html, done)) and (end := closing.search(html, start.end())):
            parts.append(html[done : start.start()])
            done = end.end()
        html = "".join([*parts, html[done:]])
    return html


def _allowed(tag: str, name: str, value: str) -> bool:
    pattern = _ATTRIBUTES.get(tag, _FOR_ALL).get(name) or _FOR_ALL.get(name)
    return bool(pattern and pattern.fullmatch(value))


class _House(Filter):  # type: ignore[misc]
    """Our own rules on what bleach has let through: link targets, pictures, checkboxes, heading levels."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        links: list[bool] = []
        headings: list[str] = []
        for token in super().__iter__():
            name = token.get("name")
            if name in _HEADINGS:
                if token["type"] == "StartTag":
                    headings = [*(above for above in headings if above < name), name]
                token["name"] = f"h{min(len(headings) + 2, 6)}"
            elif name == "a" and token["type"] == "StartTag":
                _mend_link(token["data"])
                links.append(True)
            elif name == "a" and token["type"] == "EndTag" and links:
                links.pop()
            elif name == "input":
                if token["data"].get((None, "type")) != "checkbox":
                    continue
                token["data"][None, "disabled"] = "disabled"
            elif name == "pre" and token["type"] == "StartTag":
                for attribute, value in (("tabindex", "0"), ("dir", "auto"), ("aria-label", "Code")):
                    token["data"].setdefault((None, attribute), value)
            elif name == "img":
                yield from _picture(token, inside_link=bool(links))
                continue
            yield token


def _mend_link(attributes: dict[tuple[str | None, str], str]) -> None:
    href = safe_url(attributes.pop((None, "href"), ""))
    attributes.pop((None, "rel"), None)
    if href is None:
        return
    attributes[None, "href"] = _attribute(href)
    if not href.startswith("/"):
        attributes[None, "rel"] = _LINK_REL


def _picture(token: dict[str, Any], *, inside_link: bool) -> Iterator[dict[str, Any]]:
    attributes = token["data"]
    src = safe_url(attributes.get((None, "src"), ""))
    if src and (src in _local.image_urls or is_upload_url(src)):
        attributes[None, "src"] = _attribute(src)
        attributes.setdefault((None, "alt"), "")
        attributes[None, "loading"], attributes[None, "decoding"] = "lazy", "async"
        yield token
        return
    alt = _plain(attributes.get((None, "alt"), "").strip())
    sign = _EMOJI.fullmatch(alt)
    text = {"type": "Characters", "data": emoji.table().get(sign[1], alt) if sign else alt or src or ""}
    if src is None or inside_link or sign:
        yield text
        return
    link: dict[tuple[str | None, str], str] = {(None, "href"): _attribute(src)}
    _mend_link(link)
    yield {"type": "StartTag", "name": "a", "namespace": None, "data": link}
    yield text
    yield {"type": "EndTag", "name": "a", "namespace": None, "data": {}}


def _attribute(url: str) -> str:
    """Bleach leaves entities in attributes as they stand, so a bare ampersand has to be written as one."""
    return url.replace("&", "&amp;")


def _plain(text: str) -> str:
    return (
        text.replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&#39;", "'")
    )
