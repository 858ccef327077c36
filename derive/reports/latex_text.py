"""Prose for TeX: any Unicode text as LaTeX that both pdflatex and xelatex set, nothing of it run."""

from __future__ import annotations

import re
import unicodedata

ESCAPES: dict[str, str] = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_\allowbreak{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}", "-": "{-}", "/": r"/\allowbreak{}", "–": "--", "—": "---", "’": "'", "‘": "`",
    "“": "``", "”": "''", "…": r"\ldots{}", "\u00a0": " ",
}  # fmt: skip
MATHEMATICS: dict[str, str] = {
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv", "∝": r"\propto", "∼": r"\sim",
    "∈": r"\in", "∉": r"\notin", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "→": r"\to", "↦": r"\mapsto",
    "−": "-", "±": r"\pm", "∓": r"\mp", "×": r"\times", "·": r"\cdot", "⋅": r"\cdot", "∂": r"\partial",
    "∇": r"\nabla", "Σ": r"\Sigma", "∑": r"\textstyle\sum", "∏": r"\textstyle\prod", "∫": r"\textstyle\int",
    "√": r"\surd", "∞": r"\infty", "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}", "ℤ": r"\mathbb{Z}",
    "ℂ": r"\mathbb{C}", "ℚ": r"\mathbb{Q}", "𝔼": r"\mathbb{E}", "ᵀ": r"^{T}", "′": r"{}'", "⊤": r"^{\top}",
    "∀": r"\forall", "∃": r"\exists", "∧": r"\wedge", "∨": r"\vee", "¬": r"\neg", "⊂": r"\subset", "⊆": r"\subseteq",
    "∪": r"\cup", "∩": r"\cap", "⊗": r"\otimes", "⊙": r"\odot", "∘": r"\circ", "‖": r"\|",
    "⟨": r"\langle", "⟩": r"\rangle",
    "ℓ": r"\ell", "≪": r"\ll", "≫": r"\gg", "⊥": r"\perp", "✓": r"\checkmark", "✗": r"\times", "ε": r"\varepsilon",
    "ϵ": r"\epsilon", "ϕ": r"\phi", "φ": r"\varphi", "θ": r"\theta", "ϑ": r"\vartheta", "ς": r"\varsigma",
}  # fmt: skip
GREEK_AS_LATIN = {"ALPHA": "A", "BETA": "B", "EPSILON": "E", "ZETA": "Z", "ETA": "H", "IOTA": "I", "KAPPA": "K",
                  "MU": "M", "NU": "N", "OMICRON": "O", "RHO": "P", "TAU": "T", "CHI": "X"}  # fmt: skip
SUBSCRIPTS = {character: str(digit) for digit, character in enumerate("₀₁₂₃₄₅₆₇₈₉")} | {
    "ᵢ": "i", "ⱼ": "j", "ₖ": "k", "ₗ": "l", "ₘ": "m", "ₙ": "n", "ₓ": "x", "ₐ": "a", "₊": "+", "₋": "-",
}  # fmt: skip
SUPERSCRIPTS = {character: str(digit) for digit, character in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")} | {
    "ⁱ": "i", "ⁿ": "n", "⁺": "+", "⁻": "-", "ʲ": "j", "ᵏ": "k",
}  # fmt: skip

LONGEST_WORD = 30
"""Characters after which a word without a blank may be broken."""


def escape_text(text: str) -> str:
    r"""The text as LaTeX. ASCII and Latin letters are set as they are, mathematical signs as mathematics, and all else
    by `\other{4E2D}{中}`, which the preamble defines: the character where a font has it, else `[U+4E2D]`."""
    parts: list[str] = []
    unbroken = 0
    for character in re.sub(r"\s+", " ", text):
        unbroken = 0 if character in " /_" else unbroken + 1
        parts.append(_escape(character))
        if unbroken >= LONGEST_WORD:
            parts.append(r"\allowbreak{}")
            unbroken = 0
    return "".join(parts)


def _escape(character: str) -> str:
    if character in ESCAPES:
        return ESCAPES[character]
    if " " <= character <= "~" or character in "ÄÖÜäöüßàâçéèêëîïôùûñáíóúåøæœÅØÆŒÉÈÀÇÑš":
        return character
    for table, sign in ((SUBSCRIPTS, "_"), (SUPERSCRIPTS, "^")):
        if character in table:
            return rf"\ensuremath{{{{}}{sign}{{{table[character]}}}}}"
    mathematics = MATHEMATICS.get(character) or _greek(character)
    if mathematics:
        return rf"\ensuremath{{{mathematics}}}"
    code = f"{ord(character):04X}"
    if unicodedata.category(character)[0] in "LNPS":
        return rf"\other{{{code}}}{{{character}}}"
    return rf"\codepoint{{{code}}}"


def _greek(character: str) -> str:
    words = unicodedata.name(character, "").split()
    if len(words) != 4 or words[0] != "GREEK" or words[2] != "LETTER":
        return ""
    name = "LAMBDA" if words[3] == "LAMDA" else words[3]
    if words[1] == "CAPITAL":
        return rf"\mathrm{{{GREEK_AS_LATIN[name]}}}" if name in GREEK_AS_LATIN else "\\" + name.capitalize()
    return "o" if name == "OMICRON" else "\\" + name.lower()
