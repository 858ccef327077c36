"""Reports for a terminal or a file that knows only some characters."""

from __future__ import annotations

import unicodedata

SUBSTITUTES: dict[str, str] = {
    "✓": "+", "✗": "x", "⊘": "#", "·": "-", "…": "...", "−": "-", "—": "-", "–": "-", "’": "'", "“": '"', "”": '"',
    "×": "x", "±": "+-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∼": "~", "≡": "==", "∝": "prop. to", "→": "->",
    "⇒": "=>", "⇔": "<=>", "∈": "in", "∞": "inf", "∂": "d", "∇": "nabla", "Σ": "sum", "∑": "sum", "Π": "prod",
    "∏": "prod", "∫": "int", "√": "sqrt", "⋅": "*", "ᵀ": "^T", "ℝ": "R", "ℕ": "N", "ℤ": "Z", "′": "'", "│": "|",
}  # fmt: skip


def fit_encoding(text: str, encoding: str) -> str:
    """The text with every character that the encoding lacks put in others; unchanged where it lacks none."""
    try:
        text.encode(encoding)
        return text
    except (UnicodeEncodeError, LookupError):
        return "".join(_fit(character, encoding) for character in text)


def _fit(character: str, encoding: str) -> str:
    for candidate in (
        character,
        SUBSTITUTES.get(character, ""),
        "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)),
        _greek(character),
    ):
        try:
            candidate.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            continue
        if candidate:
            return candidate
    return "?"


def _greek(character: str) -> str:
    words = unicodedata.name(character, "").split()
    if words[:1] == ["GREEK"] and "LETTER" in words:
        name = words[words.index("LETTER") + 1 :][:1]
        return "".join(name).capitalize() if "CAPITAL" in words else "".join(name).lower()
    return ""
