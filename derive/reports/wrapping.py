"""Text in columns: cleaned of control characters, broken where a reader would break it, never cut."""

from __future__ import annotations

import re

from rich.cells import cell_len

OPERATORS = frozenset("+-−±∓·×/=≠<>≤≥≈≡∝∼∈⇒⇔→⊗∘") | {":="}
"""Signs that begin a line rather than end one."""

LONGEST_BRACES = 24
"""Characters up to which what stands in braces is kept on one line."""

INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean(text: str) -> str:
    """The text in one line, with what could steer a terminal or turn text around made visible."""
    return INVISIBLE.sub(lambda match: f"[U+{ord(match[0]):04X}]", re.sub(r"[\t\n\r\f\v]+", " ", text))


def wrap(text: str, width: int, hang: int = 0, title: str = "") -> list[str]:
    """The text in lines of at most `width` columns, after a title that stays as it is; all lines but the first begin
    with `hang` spaces. A word that is wider than a line goes on in the next."""
    hang = min(hang, max(0, width - 10))
    lines: list[str] = []
    line = title
    for word in _words(text):
        room = width - (cell_len(line) + 1 if line.strip() else cell_len(line))
        if cell_len(word) <= room:
            line = f"{line} {word}" if line.strip() else line + word
            continue
        if line.strip():
            lines.append(line)
            line = " " * hang
        while cell_len(line) + cell_len(word) > width:
            head = _head(word, width - cell_len(line))
            lines.append(line + head)
            line, word = " " * hang, word[len(head) :]
        line += word
    return [*lines, line] if line.strip() or not lines else lines


def pad(text: str, width: int) -> str:
    """The text with spaces up to a width."""
    return text + " " * max(0, width - cell_len(text))


def _words(text: str) -> list[str]:
    """The words of a text: an operator together with what follows it, what stands in braces together."""
    words: list[str] = []
    glue = False
    for word in text.split():
        opened = words[-1].count("{") - words[-1].count("}") if words else 0
        if glue or (opened > 0 and len(words[-1]) < LONGEST_BRACES):
            words[-1] += " " + word
        else:
            words.append(word)
        glue = word in OPERATORS and not glue
    return words


def _head(word: str, width: int) -> str:
    """As much of a word as fits: at least one character, broken after a sign rather than inside a name."""
    end, used = 0, 0
    while end < len(word) and (used := used + cell_len(word[end])) <= width:
        end += 1
    end = max(1, end)
    for cut in range(end, max(1, end - 20), -1):
        if word[cut - 1] in ")]}/,;-_ ":
            return word[:cut]
    return word[:end]
