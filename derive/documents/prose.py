"""Prose without its markup, as far as that is easy."""

from __future__ import annotations

import re
from collections.abc import Callable

_MARKDOWN = re.compile(
    r"!\[[^\[\]]*\]\([^()]*\)"
    r"|\[(?P<link>[^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])"
    r"|</?[A-Za-z][^<>]*>|(?P<ticks>`+)|\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)"
    r"|\\(?P<sign>[!-/:-@\[-`{-~])|&(?P<entity>lt|gt|amp|nbsp);"
)
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "nbsp": " "}
_LATEX = re.compile(
    r"\\(?:label|ref|eqref|cref|Cref|autoref|pageref|cite[a-z]*|bibliography|bibliographystyle|includegraphics|usepackage"
    r"|documentclass|vspace|hspace|input|include|pagestyle|thispagestyle|setcounter|setlength|index|pgfplotsset)\*?"
    r"[ \t]*(?:\[[^\[\]]*\])?\{[^{}]*\}(?:\{[^{}]*\})?"
    r"|\\(?:begin|end)[ \t]*\{[^{}]*\}(?:\[[^\[\]]*\])?"
    r"|\\item(?![A-Za-z])(?:[ \t]*\[[^\[\]]*\])?|\\[A-Za-z@]+\*?[ \t]?|\\(?P<sign>[#$%&_{}])|\\.|[{}]|~|``|''",
    re.S,
)
_SPACES = re.compile(r"[ \t\r]+")


def clean_markdown(text: str) -> str:
    """Markdown prose without emphasis, links, code signs, tags and escapes."""
    return _squeeze(_MARKDOWN.sub(_plain, text))


def _plain(match: re.Match[str]) -> str:
    if match["link"] is not None:
        return match["link"]
    if match["entity"]:
        return _ENTITIES[match["entity"]]
    return match["sign"] or ""


def clean_heading(text: str) -> str:
    """The text of a Markdown heading on one line; its formulas stay as they are written."""
    return _clean_title(text, _MARKDOWN, _plain)


def clean_title(text: str) -> str:
    """The text of a LaTeX heading on one line; its formulas stay as they are written."""
    return _clean_title(text, _LATEX, _plain_latex)


def _clean_title(text: str, markup: re.Pattern[str], plain: Callable[[re.Match[str]], str]) -> str:
    pieces = re.split(r"(\$[^$]*\$)", text)
    return " ".join("".join(p if p[:1] == "$" else markup.sub(plain, p) for p in pieces).split())


def clean_latex(text: str) -> str:
    """LaTeX prose without its commands; what stands in their braces is kept."""
    return _squeeze(_LATEX.sub(_plain_latex, text))


def _plain_latex(match: re.Match[str]) -> str:
    return match["sign"] or ("" if match[0] in "{}``''" else " ")


def _squeeze(text: str) -> str:
    return "\n".join(line for line in (_SPACES.sub(" ", piece).strip() for piece in text.split("\n")) if line)
