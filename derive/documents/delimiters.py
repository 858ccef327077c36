"""Where mathematics stands in a text: one pass from left to right over its delimiters, in linear time."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from derive.documents.environments import DISPLAYS, ROWS, Environments, is_display, unwrap


@dataclass(frozen=True, slots=True)
class Found:
    """A formula in a text: its ends with and without delimiters, and how it was delimited."""

    start: int
    end: int
    inside: int
    inside_end: int
    environment: str
    display: bool


@dataclass(frozen=True, slots=True)
class Hidden:
    """Characters that hold no mathematics. `firm` ones (a fence) also end a formula that was left open."""

    start: int
    end: int
    kind: str
    firm: bool = False


@dataclass
class Scan:
    """What a pass over a text found: formulas, hidden places met on the way, and openers without a partner."""

    found: list[Found] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    wrong: list[tuple[int, int, str]] = field(default_factory=list)


_MARKDOWN = re.compile(
    r"<!--|<(?:pre|script|style|code|textarea)(?=[\s>])|`+|\$`|\$\$?|\\\\?[\[(]|\\begin[ \t]*\{|\\[A-Za-z]+|\\.|"
    r"\{%-?[ \t]*(?:end)?raw[ \t]*-?%\}",
    re.S | re.I,
)
_LATEX = re.compile(r"\$\$?|\\[\[(]|\\begin[ \t]*\{|\\[A-Za-z]+|\\.", re.S)
_TICKS = re.compile("`+")
_BLANK = re.compile(r"\n[ \t>]*(?=\n)")
_BLOCK = re.compile(r"[ \t>]*(?:#{1,6}[ \t]|[-*+][ \t]|[0-9]{1,9}[.)][ \t]|\||```|~~~)")
_SENTENCE = re.compile(r"(?:\b[A-Za-z]{2,}[,;]?[ \n]+){4}[A-Za-z]{2,}|[\u3040-\u30ff\u4e00-\u9fff]{8}")
_WORDED = re.compile(r"\\(?:text|mbox|textrm|textbf|textit|hbox|label|tag|intertext|shortintertext)[a-z]*\*?\{[^{}]*\}")
_MATHS = re.compile(r"[\\^_=<>]|^\s*[A-Za-z]\s*$")
_WORDS = re.compile(r"(?:[^\W_]|[\s.,;:!?'\"’/&#-])*+")
_WORD = re.compile(r"[^\W\d_]{3}")
_LETTER = re.compile(r"[^\W\d_]")
_PRICE = re.compile(r"[0-9][0-9,.]*(?:[kKmMbB]\b)?\s+[A-Za-z]{2,}")
_LABEL = re.compile(r"[ \t]*(?:\([^()\s$]{1,100}\)|\{#[^{}\s]{1,100}\})(?=[ \t]*(?:\n|\Z))")
_HOLDER = re.compile(r"\\(?:text|mbox|textrm|hbox|intertext|textit|textbf)[a-z]*\s*\{")
_LONGEST_INLINE = 5_000


class Scanner:
    """One pass over one text. `hidden` must be in order and apart; `names` are further display environments."""

    def __init__(
        self,
        text: str,
        environments: Environments,
        hidden: Sequence[Hidden] = (),
        *,
        markdown: bool,
        names: Sequence[str] = (),
    ) -> None:
        self.text = text
        self.environments = environments
        self.hidden = hidden
        self.names = names
        self.markdown = markdown
        self.scan = Scan()
        self._blanks = [m.start() for m in _BLANK.finditer(text)]
        self._firm = [h.start for h in hidden if h.firm]
        self._ticks: dict[int, list[int]] | None = None
        self._next: dict[str, tuple[int, int]] = {}

    def run(self) -> Scan:
        """Everything that stands in the text."""
        text, hidden = self.text, self.hidden
        token = _MARKDOWN if self.markdown else _LATEX
        position = k = 0
        while match := token.search(text, position):
            at = match.start()
            while k < len(hidden) and hidden[k].end <= at:
                k += 1
            if k < len(hidden) and hidden[k].start <= at:
                position = hidden[k].end
                continue
            position = max(match.end(), self._take(match[0], at))
        return self.scan

    def _take(self, token: str, at: int) -> int:
        """Deal with one token; gives the place to go on from."""
        after = at + len(token)
        if token == "$$":
            return self._display(at, after, "$$")
        if token == "$":
            return self._inline(at)
        if token[0] == "`":
            return self._code(at, after)
        if token == "$`":
            close = self._find("`$", after)
            if close < 0 or self._parted(at, close) or close == after:
                return at + 1
            return self._add(at, close + 2, after, close, "$", False)
        if token[0] in "<{":
            return self._markup(token, at)
        if token[0] == "\\" and token[-1] == "[":
            return self._display(at, after, token)
        if token[0] == "\\" and token[-1] == "(":
            return self._bracket_inline(at, after, token)
        if at in self.environments.at:
            return self._environment(at, after)
        return after

    def _environment(self, at: int, after: int) -> int:
        environment = self.environments.at[at]
        inline = environment.stem == "math"
        if not inline and not is_display(environment.name, self.names):
            return after
        name, start, end = unwrap(self.text, environment.name, at, environment.end, self.environments)
        if (name, start) == (environment.name, at):
            # a matrix or a `cases` is no list of rows: its own signs belong to the formula
            whole = environment.stem in DISPLAYS and environment.stem not in ROWS
            start, end = (at, environment.end) if whole else (environment.inside, environment.inside_end)
        return self._add(at, environment.end, start, end, name, not inline)

    def _display(self, at: int, after: int, opener: str) -> int:
        closer = "$$" if opener == "$$" else opener[:-1] + "]"
        close = self._find(closer, after)
        if close < 0 or not self._together(after, close, opener):
            wanted = opener == "$$" or not self.markdown or self.text[after : after + 1] in ("\n", "\r")
            if wanted:
                self.scan.wrong.append((at, after, f"{opener} has no {closer}"))
            return after
        if opener != "$$" and self.markdown and _is_worded(self.text[after:close]):
            return after
        end = close + len(closer)
        if self.markdown and (label := _LABEL.match(self.text, end)):
            end = label.end()
        name, start, stop = unwrap(self.text, opener, after, close, self.environments)
        return self._add(at, end, start, stop, name, True)

    def _bracket_inline(self, at: int, after: int, opener: str) -> int:
        close = self._find(opener[:-1] + ")", after)
        if close < 0 or self._parted(at, close) or 0 <= self._find(opener, after) < close:
            if not self.markdown:
                self.scan.wrong.append((at, after, f"{opener} has no {opener[:-1]})"))
            return after
        if self.markdown and _is_worded(self.text[after:close]):
            return after
        return self._add(at, close + len(opener), after, close, "\\(", False)

    def _inline(self, at: int) -> int:
        text, close = self.text, self._find("$", at + 1)
        if self.markdown:
            if close < 0 or close - at > _LONGEST_INLINE or not self._dollars(at, close):
                return at + 1
            return self._add(at, close + 1, at + 1, close, "$", False)
        for _ in range(8):
            if close < 0 or self._parted(at, close) or close - at > 4 * _LONGEST_INLINE:
                self.scan.wrong.append((at, at + 1, "$ has no $"))
                return at + 1
            inside = text[at + 1 : close]
            if not _HOLDER.search(inside) or inside.count("{") - inside.count("\\{") <= inside.count(
                "}"
            ) - inside.count("\\}"):
                break
            inner = self._find("$", close + 1)
            close = self._find("$", inner + 1) if inner >= 0 else -1
        if close < 0 or self._parted(at, close):
            self.scan.wrong.append((at, at + 1, "$ has no $"))
            return at + 1
        return self._add(at, close + 1, at + 1, close, "$", False)

    def _dollars(self, at: int, close: int) -> bool:
        """Whether Markdown's `$` at `at` and at `close` hold mathematics, and are no prices."""
        text = self.text
        inside = text[at + 1 : close]
        if not inside.strip() or text[close + 1 : close + 2].isdigit() or self._parted(at, close):
            return False
        if any(_BLOCK.match(text, at + 2 + m.start()) for m in re.finditer("\n", inside)):
            return False
        if inside[0].isspace() or inside[-1].isspace():
            if text[close + 1 : close + 2].isalnum() or (
                not inside[0].isspace() and inside[0].isdigit() and "=" not in inside
            ):
                return False
            return _MATHS.search(inside) is not None
        return not (_PRICE.match(inside) and "\\" not in inside)

    def _code(self, at: int, after: int) -> int:
        if self._ticks is None:
            self._ticks = {}
            for match in _TICKS.finditer(self.text):
                self._ticks.setdefault(len(match[0]), []).append(match.start())
        places = self._ticks.get(after - at, [])
        k = bisect_left(places, after)
        if k == len(places) or self._parted(at, places[k]):
            return after
        end = places[k] + after - at
        self.scan.hidden.append(Hidden(at, end, "code"))
        return end

    def _markup(self, token: str, at: int) -> int:
        if token == "<!--":
            kind, closer = "comment", "-->"
        elif token[0] == "{":
            self.scan.hidden.append(Hidden(at, at + len(token), "liquid"))
            return at + len(token)
        else:
            kind, closer = token[1:].lower(), f"</{token[1:]}>"
        close = self._find(closer, at)
        if close < 0 or (kind == "code" and self._parted(at, close)):
            return at + len(token)
        self.scan.hidden.append(Hidden(at, close + len(closer), kind))
        return close + len(closer)

    def _add(self, start: int, end: int, inside: int, inside_end: int, name: str, display: bool) -> int:
        self.scan.found.append(Found(start, end, inside, max(inside, inside_end), name, display))
        return end

    def _find(self, sign: str, start: int) -> int:
        """The next place of `sign` that no backslash escapes, or -1. Remembers, so that all calls take linear time."""
        asked, answer = self._next.get(sign, (0, -2))
        if asked <= start and (answer >= start or answer == -1):
            return answer
        place = self.text.find(sign, start)
        while place > 0 and sign[0] in "$\\" and self._escaped(place):
            place = self.text.find(sign, place + 1)
        self._next[sign] = (start, place)
        return place

    def _escaped(self, place: int) -> bool:
        slashes = 0
        while slashes < min(place, 64) and self.text[place - slashes - 1] == "\\":
            slashes += 1
        return slashes % 2 == 1

    def _parted(self, start: int, end: int) -> bool:
        """Whether a blank line or a fence stands between two places."""
        k = bisect_left(self._blanks, start)
        return (k < len(self._blanks) and self._blanks[k] < end) or self._fenced(start, end)

    def _fenced(self, start: int, end: int) -> bool:
        k = bisect_left(self._firm, start)
        return k < len(self._firm) and self._firm[k] < end

    def _together(self, start: int, end: int, opener: str) -> bool:
        """Whether what stands between display delimiters can be one formula: it may hold blank lines, but no prose."""
        if self._fenced(start, end) or (opener != "$$" and 0 <= self._find(opener, start) < end):
            return False
        first = bisect_left(self._blanks, start)
        last = bisect_right(self._blanks, end - 1)
        if first >= last:
            return True
        inside = _WORDED.sub("", self.text[start:end])
        if not inside.strip() or (self.markdown and re.search(r"\n[ \t]*#{1,6}[ \t]", inside)):
            return False
        return not _SENTENCE.search(inside) and "$" not in inside


def _is_worded(inside: str) -> bool:
    """Whether this is a bracketed remark, `\\[citation needed\\]` or `\\(1\\)`, and no formula."""
    return _WORDS.fullmatch(inside) is not None and (_WORD.search(inside) is not None or not _LETTER.search(inside))
