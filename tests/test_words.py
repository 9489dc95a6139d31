"""What people read uses plain words; templates use the current translation tags; named files exist."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# Words of the first drafts, each with a plain one in its place.
RULED_OUT = re.compile(
    r"""\b(?:
    somebody | everybody | whoever | whomever
    | rings? | hears?\ (?:of|what) | listen(?:s|ed)?\ to | tell\ me\ of | told\ of
    | roads? | (?:the|which|same)\ doors? | the\ house | (?:the|a)\ bell | bells
    | rungs? | a\ step\ of | the\ ladder | feats? | lit | turn(?:ed)?\ down | lead\ on
    | stands?\ (?:here|there|in|beside|below|above) | in\ its\ place | texts\ are\ looked | letters?\ (?:names|says|to)
    | have\ had | makes\ no\ sense | tick(?:ed)?\ (?:all|none|the|it)
    | seals? | gone\ wrong | at\ hand | anew | meanwhile
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
TEMPLATE_WORDS = re.compile(
    r"{%\s*(?:translate|trans)\s+(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')"
    r"|{%\s*blocktrans(?:late)?\b[^%]*%}(?P<block>.*?){%\s*endblocktrans(?:late)?\s*%}",
    re.DOTALL,
)


def _files(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    return [ROOT / name for name in listed if (ROOT / name).exists()]


def _templates() -> list[Path]:
    return [path for path in _files("templates") if path.suffix in {".html", ".txt", ".xml"}]


def _messages() -> Iterator[tuple[str, str]]:
    """Yield every message for translation, with the place it is in."""
    for path in _files("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(("tests/", "bench/", "examples/")) or "/migrations/" in name or "/demo/" in name:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield f"{name}:{node.lineno}", argument.value
    for path in _templates():
        text = path.read_text()
        for found in TEMPLATE_WORDS.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            words = found["double"] or found["single"] or found["block"] or ""
            yield f"{path.relative_to(ROOT).as_posix()}:{line}", words


def test_messages_use_plain_words():
    wrong = [
        f"{place} {found[0]!r} in {text[:80]!r}"
        for place, text in _messages()
        if (found := RULED_OUT.search(text)) and not found[0].isupper()
    ]
    assert wrong == []


def test_templates_use_translate_and_blocktranslate():
    old = re.compile(r"{%\s*(?:trans|blocktrans|endblocktrans)\s")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _templates()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if old.search(line)
    ]
    assert wrong == []


def test_template_lines_have_at_most_140_characters():
    wrong = [
        f"{path.relative_to(ROOT)}:{number} {len(line)}"
        for path in _files("templates/*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 140
    ]
    assert wrong == []


def test_every_file_named_in_the_documentation_exists():
    path = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[A-Z]\w+\.md)`|\]\(([^)#:]+)(?:#[^)]*)?\)")
    folders = {one.name for one in ROOT.iterdir() if one.is_dir()}
    wrong = []
    routes_and_examples = {"api-changes.md", "markdown.md"}
    pages = [page for page in _files("docs") if page.suffix == ".md" and page.name not in routes_and_examples]
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *pages]:
        for found in path.finditer(page.read_text()):
            name = found[1] or found[2]
            base = page.parent if found[2] else ROOT
            ours = found[2] or name.split("/")[0] in folders or "/" not in name
            if ours and not (base / name).exists():
                wrong.append(f"{page.relative_to(ROOT)}: {name}")
    assert wrong == []
