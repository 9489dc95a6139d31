"""What a person wrote in a mail: without what they quote, without their signature, whatever program sent it.

Only what is surely not theirs goes. Quotations between their own lines stay, they are what the lines answer; fenced code
stays whole. Text that is read wrongly is worse than a quotation too many.
"""

from __future__ import annotations

import re

LONGEST = 200_000  # characters of a mail's text looked at
FENCE = re.compile(r"^\s{0,3}(```|~~~)")
QUOTED = re.compile(r"^\s{0,3}>")
SIGNATURE = re.compile(r"^-- ?$")
DEVICE = re.compile(
    r"^(sent|envoyé|gesendet|enviado|verzonden|inviato) .{0,20}\b(my|mon|depuis|meine?m?|mi|mijn|dal|from|von)\b.{0,60}$",
    re.I,
)
APP = re.compile(r"^get outlook for \w+", re.I)
# The line a mail program writes above what it quotes; mails in these languages make up nearly all we have seen.
_VERBS = r"\b(wrote|a écrit|schrieb|escribió|schreef|ha scritto|escreveu|skrev|napisał\(a\)|napisał)\b"
WROTE = re.compile(
    rf"^\s*(on|le|am|el|op|il|em|den|dnia|w dniu)\b.{{5,300}}{_VERBS}.{{0,200}}:\s*$", re.I | re.S
)
# Its short forms ("Jonas wrote:") count only right above a quotation that goes on to the end.
WROTE_SHORT = re.compile(rf"^\s*\S.{{0,100}}{_VERBS}.{{0,40}}$", re.I)
MARKER_WORDS = 3  # of our line, by which it is known when a program cut or broke it
SEPARATOR = re.compile(
    r"^\s*(-{2,}\s*(original message|ursprüngliche nachricht|message d.origine|mensaje original|forwarded message).*|_{20,}"
    r"|begin forwarded message:)\s*$",
    re.I,
)
HEADER = re.compile(r"^\s*\*?(from|von|de|van|da):\*?\s.+", re.I)
NEXT_HEADER = re.compile(
    r"^\s*\*?(sent|date|to|gesendet|datum|an|envoyé|à|para|fecha|verzonden|aan|inviato|a|subject):\*?\s", re.I
)


def written_text(text: str, *, marker: str) -> str:
    """Return what the sender wrote. `marker` is the line of ours above which replies are written."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")[:LONGEST].split("\n")
    fenced = _fenced(lines)
    above, quoted_marker = _above_marker(lines, marker)
    kept = _without_tail(above, fenced)
    if not "".join(kept).strip() and quoted_marker:
        # They wrote below or between what they quote: our mail's own lines are all quoted.
        start = len(above)
        kept = [
            line
            for number, line in enumerate(lines[start:], start)
            if fenced[number] or not QUOTED.match(line)
        ]
        kept = _without_signature(kept, _fenced(kept))
    return "\n".join(kept).strip("\n").rstrip()


def unflow(text: str) -> str:
    """Join the soft line breaks of `format=flowed` (RFC 3676)."""
    out: list[str] = []
    soft = False
    for raw in text[:LONGEST].replace("\r\n", "\n").split("\n"):
        line = raw[1:] if raw.startswith(" ") else raw
        if soft and not QUOTED.match(line) and not SIGNATURE.match(line):
            out[-1] += line
        else:
            out.append(line)
        soft = line.endswith(" ") and line != "-- " and not QUOTED.match(line)
    return "\n".join(out)


def _fenced(lines: list[str]) -> list[bool]:
    """Say of each line whether it stands in fenced code that is closed."""
    inside, start, marks = "", 0, [False] * len(lines)
    for number, line in enumerate(lines):
        if found := FENCE.match(line):
            if not inside:
                inside, start = found[1], number
            elif found[1] == inside:
                marks[start : number + 1] = [True] * (number + 1 - start)
                inside = ""
    return marks


def _above_marker(lines: list[str], marker: str) -> tuple[list[str], bool]:
    opening = " ".join(marker.split()[:MARKER_WORDS])
    for number, line in enumerate(lines):
        is_quoted = bool(QUOTED.match(line))
        is_cut = line.lstrip("> ").startswith(opening) and (is_quoted or _attributes(lines, number - 1))
        if marker in line or is_cut:
            return lines[:number], is_quoted
    return lines, False


def _without_tail(lines: list[str], fenced: list[bool]) -> list[str]:
    """Cut where the quoted mail begins, then the signature, which stands above or below it."""
    lines = _without_signature(lines, fenced)
    quoted_from = _quoted_from(lines, fenced)
    for number in range(len(lines)):
        if fenced[number]:
            continue
        if _begins_original(lines, number) or _begins_quotation(lines, number, quoted_from):
            lines = lines[:number]
            break
    return _without_signature(_without_end(lines, fenced), fenced)


def _without_end(lines: list[str], fenced: list[bool]) -> list[str]:
    end = len(lines)
    while end and not fenced[end - 1] and (not lines[end - 1].strip() or QUOTED.match(lines[end - 1])):
        end -= 1
    return lines[:end]


def _begins_original(lines: list[str], number: int) -> bool:
    if SEPARATOR.match(lines[number]):
        return True
    following = [line for line in lines[number + 1 : number + 4] if line.strip()]
    return bool(HEADER.match(lines[number])) and bool(following) and bool(NEXT_HEADER.match(following[0]))


def _attributes(lines: list[str], number: int) -> int:
    """Return of how many lines “On … wrote:” is that begins here, 0 for none; programs break it over up to three lines."""
    if number < 0:
        return 0
    for count in (1, 2, 3):
        part = lines[number : number + count]
        if all(line.strip() for line in part) and WROTE.match("\n".join(part)):
            return count
    return 0


def _begins_quotation(lines: list[str], number: int, quoted_from: int) -> bool:
    """Say whether “… wrote:” begins here and nothing but a quotation follows, so that nothing of theirs is lost."""
    if (count := _attributes(lines, number)) and number + count >= quoted_from:
        return True
    after = next(
        (place for place in range(number + 1, min(number + 3, len(lines))) if lines[place].strip()),
        len(lines),
    )
    is_above = quoted_from <= after < len(lines) and bool(QUOTED.match(lines[after]))
    return is_above and bool(WROTE_SHORT.match(lines[number]))


def _quoted_from(lines: list[str], fenced: list[bool]) -> int:
    """Return the line from which on there is nothing but quotations and empty lines."""
    start = len(lines)
    while start and (
        not lines[start - 1].strip() or (QUOTED.match(lines[start - 1]) and not fenced[start - 1])
    ):
        start -= 1
    return start


def _without_signature(lines: list[str], fenced: list[bool]) -> list[str]:
    for number, line in enumerate(lines):
        if SIGNATURE.match(line) and not fenced[number]:
            lines = lines[:number]
            break
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if end and (DEVICE.match(lines[end - 1].strip()) or APP.match(lines[end - 1].strip())):
        return lines[: end - 1]
    return lines
