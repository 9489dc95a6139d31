"""Text in lines, each begun with what its quotations and lists put before it."""

from __future__ import annotations


class TextLines:
    """Writes words into lines. A container (a quotation, an item of a list) goes before every line written while it is open."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        # Of each open container: what goes before its first line, before the others, and whether it has a line yet.
        self._open: list[tuple[str, str, list[bool]]] = []
        self._gap = 0
        self._is_new = True

    def open(self, first: str, rest: str) -> None:
        """Begin a container; `first` goes before its first line, `rest` before the others."""
        self._open.append((first, rest, []))

    def close(self) -> None:
        """End the innermost container."""
        self._open.pop()

    def part(self, lines: int) -> None:
        """Begin a new line before the next words, or with 2 leave an empty one between."""
        self._gap = max(self._gap, lines)

    def write(self, words: str) -> None:
        """Write words; their line ends begin new lines."""
        for number, words_of_line in enumerate(words.split("\n")):
            if number:
                self._begin()
                self._is_new = True
            if words_of_line:
                self._begin()
                self._parts.append(words_of_line)

    def ends_with(self, words: str) -> bool:
        """Return whether the last words written are these."""
        return "".join(self._parts[-4:]).endswith(words)

    @property
    def is_new_line(self) -> bool:
        """Whether nothing is written in the current line yet."""
        return self._is_new or bool(self._gap)

    def result(self) -> str:
        """Return all lines."""
        return "\n".join(line.rstrip() for line in "".join(self._parts).strip().split("\n"))

    def _begin(self) -> None:
        """Bring the line so far that words can follow."""
        if self._parts:
            if self._gap > 1:
                self._parts.append("\n" + "".join(rest for _first, rest, begun in self._open if begun))
            if self._gap or self._is_new:
                self._parts.append("\n")
                self._is_new = True
        if self._is_new:
            self._parts += [rest if begun else first for first, rest, begun in self._open]
            for _first, _rest, begun in self._open:
                begun[:] = [True]
        self._gap, self._is_new = 0, False
