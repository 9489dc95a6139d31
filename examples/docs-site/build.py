"""A small docs site whose pages end with their questions: printed at build time for crawlers, alive in a browser.

    python build.py --forum https://community.example.com --site https://docs.example.com --out public
    python build.py --forum http://localhost:8000 --site http://localhost:8001 --serve 8001

Pages are the Markdown files under `pages/`; the first line of each is its title. `--serve` builds each anew.
"""

from __future__ import annotations

import argparse
import http.server
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from html import escape
from pathlib import Path

import markdown

HERE = Path(__file__).resolve().parent
TIMEOUT_SECONDS = 5
STYLE = (HERE / "style.css").read_text(encoding="utf-8")


def pages() -> dict[str, Path]:
    """Return the pages by their paths: `pages/docs/install/linux.md` is /docs/install/linux."""
    found = {
        "/" + path.relative_to(HERE / "pages").with_suffix("").as_posix(): path
        for path in (HERE / "pages").rglob("*.md")
    }
    return {path.removesuffix("/index") or "/": file for path, file in sorted(found.items())}


def questions(forum: str, page: str) -> list[dict[str, str]]:
    """Return what was asked about a page, or nothing when the community does not answer: a build never fails for it."""
    address = f"{forum}/api/v1/embed/threads/?{urllib.parse.urlencode({'docs_page': page})}"
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:
            results: list[dict[str, str]] = json.load(answer)["results"]
            return results
    except (OSError, ValueError, KeyError) as error:
        print(f"{page}: no questions ({error})", file=sys.stderr)
        return []


def printed(threads: list[dict[str, str]], forum: str) -> str:
    """Return the questions as plain HTML: what crawlers and browsers without scripts see.

    `solution_html` is sanitised by the community; everything else is escaped here.
    """
    rows = "".join(
        f'<li><a href="{escape(forum + one["url"] if one["url"].startswith("/") else one["url"])}">{escape(one["subject"])}</a>'
        f"{'<div>' + one['solution_html'] + '</div>' if one['solution_html'] else ''}</li>"
        for one in threads
    )
    return f"<ul>{rows}</ul>" if rows else ""


def render(path: str, file: Path, forum: str, site: str) -> str:
    """Return a page as HTML."""
    title, _newline, text = file.read_text(encoding="utf-8").partition("\n")
    title = title.lstrip("# ").strip()
    page = site + path
    menu = "".join(
        f'<li><a href="{escape(other)}"{" aria-current=page" if other == path else ""}>{escape(_title(source))}</a></li>'
        for other, source in pages().items()
    )
    ask = f"{forum}/questions/ask/?{urllib.parse.urlencode({'docs_page': page})}"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · Larkspur docs</title><link rel="canonical" href="{escape(page)}">
<link rel="stylesheet" href="/style.css">
<meta http-equiv="Content-Security-Policy" content="{escape(policy(forum))}">
<script src="{escape(forum)}/embed/v1.js" async></script></head>
<body><nav aria-label="Docs"><b>Larkspur docs</b><ul>{menu}</ul></nav>
<main><h1>{escape(title)}</h1>{markdown.markdown(text, extensions=["fenced_code", "tables"])}
<hearth-questions>{printed(questions(forum, page), forum)}
<p><a href="{escape(ask)}">Ask about this page</a></p></hearth-questions>
</main></body></html>
"""


def _title(file: Path) -> str:
    with file.open(encoding="utf-8") as lines:
        return lines.readline().lstrip("# ").strip()


def policy(forum: str) -> str:
    """Return all the embed needs from a page's Content-Security-Policy; images are for pictures in printed solutions."""
    return f"default-src 'none'; style-src 'self'; img-src {forum}; script-src {forum}; frame-src {forum}"


def build(out: Path, forum: str, site: str) -> None:
    for path, file in pages().items():
        target = out / path.strip("/") / "index.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(render(path, file, forum, site), encoding="utf-8")
    (out / "style.css").write_text(STYLE, encoding="utf-8")
    print(f"{len(pages())} pages in {out}")


class Handler(http.server.BaseHTTPRequestHandler):
    """Builds what is asked for."""

    forum = site = ""

    def do_GET(self) -> None:
        path = re.sub(r"/+$", "", urllib.parse.urlsplit(self.path).path) or "/"
        file = pages().get(path)
        if path == "/style.css":
            return self._answer(200, STYLE, "text/css")
        if path == "/" and file is None:
            return self._answer(302, "", "text/plain", {"Location": next(iter(pages()))})
        if file is None:
            return self._answer(404, "No such page.", "text/plain")
        return self._answer(200, render(path, file, self.forum, self.site), "text/html")

    def _answer(self, status: int, text: str, kind: str, headers: dict[str, str] | None = None) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing of each page."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--forum", required=True, help="the community's address")
    parser.add_argument(
        "--site", required=True, help="this site's address, one of the community's EMBED_ORIGINS"
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, help="a folder to write the site to")
    where.add_argument("--serve", type=int, metavar="PORT", help="serve it on 127.0.0.1")
    given = parser.parse_args()
    forum, site = given.forum.rstrip("/"), given.site.rstrip("/")
    if given.out:
        build(given.out, forum, site)
        return
    Handler.forum, Handler.site = forum, site
    with http.server.ThreadingHTTPServer(("127.0.0.1", given.serve), Handler) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
