"""`*emphasis*`, `**strong**` and `~~struck~~`, by CommonMark's delimiter algorithm, on finished inline content.

Python-Markdown's own (3.11) keeps positions of one text while it works on another and loses words:
"*c **b** i_ **b**" comes out without its last b.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from xml.etree.ElementTree import Element

MAX_DEPTH = 20

_RUNS = re.compile(r"\*+|_+|~+")
_MARKS = re.compile(r"[*_~]")
_VERBATIM = ("pre", "code")


def emphasise(root: Element) -> None:
    """Turn delimiters in all texts under `root` into elements; texts of str subclasses (verbatim) are left alone."""
    for element in list(root.iter()):
        if element.tag not in _VERBATIM and any(_MARKS.search(text) for text in _texts(element)):
            _Content(element).resolve()


def _texts(element: Element) -> Iterator[str]:
    if type(element.text) is str:
        yield element.text
    for child in element:
        if child.tail:
            yield child.tail


class _Node:
    """A piece of content in a doubly linked list; a delimiter run has a `mark`."""

    __slots__ = (
        "before",
        "content",
        "count",
        "depth",
        "mark",
        "may_close",
        "may_open",
        "next",
        "original",
        "previous",
        "upper",
    )

    def __init__(self, content: str | Element) -> None:
        self.content = content
        self.previous: _Node | None = None
        self.next: _Node | None = None
        self.mark = ""
        self.count = self.original = self.depth = 0
        self.may_open = self.may_close = False
        # The stack of delimiter runs, linked downwards and upwards.
        self.before: _Node | None = None
        self.upper: _Node | None = None


class _Content:
    def __init__(self, element: Element) -> None:
        self.element = element
        self.head = _Node("")
        self.last = self.head
        self.top: _Node | None = None
        self.bottom: _Node | None = None
        self._take_apart()

    def resolve(self) -> None:
        """Pair closers with openers, innermost first, then put the content back."""
        floors: dict[tuple[str, bool, int], _Node | None] = {}
        closer = self.bottom
        while closer:
            following = closer.upper
            if closer.may_close:
                key = (closer.mark, closer.may_open, closer.original % 3)
                opener = self._opener(closer, floors.get(key))
                if opener and self._wrap(opener, closer):
                    following = closer if closer.count else following
                else:
                    floors[key] = closer.before
                    if not closer.may_open:
                        self._drop(closer)
            closer = following
        self._put_back()

    def _opener(self, closer: _Node, floor: _Node | None) -> _Node | None:
        opener = closer.before
        while opener and opener is not floor:
            thirds = (
                (closer.may_open or opener.may_close)
                and closer.original % 3
                and not (opener.original + closer.original) % 3
            )
            if opener.mark == closer.mark and opener.may_open and not thirds:
                return opener
            opener = opener.before
        return None

    def _wrap(self, opener: _Node, closer: _Node) -> bool:
        size = 2 if opener.count >= 2 and closer.count >= 2 else 1
        wrapper = _Node(Element("del" if closer.mark == "~" else "strong" if size == 2 else "em"))
        inside = []
        node = opener.next
        while node is not None and node is not closer:
            inside.append(node)
            wrapper.depth = max(wrapper.depth, node.depth)
            node = node.next
        wrapper.depth += 1
        if wrapper.depth > MAX_DEPTH:
            return False
        between = closer.before
        while between is not None and between is not opener:
            self._drop(between)
            between = closer.before
        assert isinstance(wrapper.content, Element)
        _fill(wrapper.content, inside)
        wrapper.previous, wrapper.next = opener, closer
        opener.next = closer.previous = wrapper
        for run in (opener, closer):
            run.count -= size
            run.content = run.mark * run.count
            if not run.count:
                self._drop(run)
        return True

    def _drop(self, run: _Node) -> None:
        """Take a run off the stack of delimiters; its marks stay as text."""
        if run.before:
            run.before.upper = run.upper
        else:
            self.bottom = run.upper
        if run.upper:
            run.upper.before = run.before
        else:
            self.top = run.before

    # --- between element and list -----------------------------------------------------------------
    def _take_apart(self) -> None:
        element = self.element
        texts = [element.text if type(element.text) is str else "", *(child.tail or "" for child in element)]
        children: list[Element | None] = [None, *element]
        if type(element.text) is not str and element.text:
            self._append(_Node(element.text))
        for place, (child, text) in enumerate(zip(children, texts, strict=True)):
            if child is not None:
                child.tail = None
                self._append(_Node(child))
            self._take_text(
                text, _edge(child), _edge(children[place + 1] if place + 1 < len(children) else None)
            )

    def _take_text(self, text: str, before: str, after: str) -> None:
        done = 0
        for run in _RUNS.finditer(text):
            start, end = run.span()
            if start > done:
                self._append(_Node(text[done:start]))
            node = _Node(run[0])
            self._append(node)
            self._classify(
                node, text[start - 1] if start else before, text[end] if end < len(text) else after
            )
            done = end
        if done < len(text):
            self._append(_Node(text[done:]))

    def _append(self, node: _Node) -> None:
        self.last.next, node.previous = node, self.last
        self.last = node

    def _classify(self, node: _Node, before: str, after: str) -> None:
        assert isinstance(node.content, str)
        mark, count = node.content[0], len(node.content)
        space_before, space_after = before.isspace(), after.isspace()
        sign_before, sign_after = _is_sign(before), _is_sign(after)
        left = not space_after and (not sign_after or space_before or sign_before)
        right = not space_before and (not sign_before or space_after or sign_after)
        if mark == "_":
            node.may_open, node.may_close = (
                left and (not right or sign_before),
                right and (not left or sign_after),
            )
        elif mark == "*" or count == 2:
            node.may_open, node.may_close = left, right
        if not (node.may_open or node.may_close):
            return
        node.mark, node.count, node.original = mark, count, count
        node.before = self.top
        if self.top:
            self.top.upper = node
        else:
            self.bottom = node
        self.top = node

    def _put_back(self) -> None:
        nodes = []
        node = self.head.next
        while node:
            nodes.append(node)
            node = node.next
        for child in list(self.element):
            self.element.remove(child)
        _fill(self.element, nodes)


def _edge(neighbour: Element | None) -> str:
    """Return what stands next to a text: the end of the block, a line break, or the last sign of a link or of code."""
    return "\n" if neighbour is None or neighbour.tag == "br" else ")"


def _is_sign(character: str) -> bool:
    # Escaped characters stand between control characters until the end; they are punctuation.
    return character in "\x02\x03" or unicodedata.category(character)[0] in "PS"


def _fill(element: Element, nodes: list[_Node]) -> None:
    texts: list[str] = []
    last: Element | None = None

    def close_text() -> None:
        text = "".join(texts) if len(texts) != 1 else texts[0]
        if last is not None:
            last.tail = text or None
        else:
            element.text = text or None
        texts.clear()

    for node in nodes:
        if isinstance(node.content, str):
            if node.content:
                texts.append(node.content)
        else:
            close_text()
            last = node.content
            element.append(last)
    close_text()
