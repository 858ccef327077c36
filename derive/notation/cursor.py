"""The cursor of the parser: the tokens, the place, how far reading may go, and the style letters are in."""

from __future__ import annotations

from typing import Final, Protocol

from derive.notation.tokens import Token
from derive.notation.tree import Empty, Name, Node, Number, Unread
from derive.source import Span, TracedText

MAX_DEPTH: Final = 36
"""Groups inside groups deeper than this are not read: it bounds the stack of the parser and of all who walk trees."""

MAX_WRAPS: Final = 6
"""Signs, scripts or marks of one operand beyond this many are not read."""


class Grammar(Protocol):
    """The ways to read on that the files of the parser ask each other for."""

    def whole(self, c: Cursor, stop: int) -> Node:
        """Everything up to a token, as one node."""

    def term(self, c: Cursor) -> Node:
        """A product, with the signs before it."""

    def operand(self, c: Cursor) -> Node:
        """One factor, without its scripts."""

    def factor(self, c: Cursor) -> Node:
        """One factor, with its scripts."""


class Cursor:
    """A place in the tokens of a formula. `end` is the index that reading may not pass."""

    __slots__ = ("at", "depth", "end", "grammar", "in_script", "integrals", "style", "text", "tokens")

    def __init__(self, text: TracedText, tokens: list[Token], grammar: Grammar) -> None:
        self.text = text
        self.tokens = tokens
        self.grammar = grammar
        self.at = 0
        self.end = len(tokens)
        self.depth = 0
        self.style = ""
        self.in_script = False
        self.integrals = 0

    def peek(self) -> Token | None:
        """The next token, or None at the end of what may be read."""
        return self.tokens[self.at] if self.at < self.end else None

    def kind(self, ahead: int = 0) -> str:
        """The kind of a token ahead, empty behind the end."""
        at = self.at + ahead
        return self.tokens[at].kind if at < self.end else ""

    def span(self, first: int, stop: int) -> Span:
        """The source of tokens `first` to `stop` (excluded); an empty place where there are none."""
        if stop <= first:
            return self.place(first)
        start, end = self.tokens[first].start, self.tokens[first].end
        last = self.tokens[stop - 1]
        if last.start < start:
            start = last.start
        if last.end > end:
            end = last.end
        origin = self.text.origin
        if type(origin) is range and origin.step == 1:
            base = origin.start
            return Span(base + start, base + end)
        return self.text.span(start, end)

    def since(self, first: int) -> Span:
        """The source of the tokens from `first` to here."""
        return self.span(first, self.at)

    def place(self, index: int) -> Span:
        """The empty span before a token."""
        if index < len(self.tokens):
            start = self.tokens[index].start
        else:
            start = self.tokens[-1].end if self.tokens else 0
        return self.text.span(start, start)

    def empty(self) -> Empty:
        """Nothing, here."""
        return Empty(self.place(self.at))

    def unread(self, first: int, stop: int, reason: str) -> Unread:
        """Tokens `first` to `stop` as characters that were not understood."""
        start, end = self.tokens[first].start, max(self.tokens[first].end, self.tokens[stop - 1].end)
        return Unread(self.span(first, stop), self.text.text[start:end], reason)

    def skip_unread(self, stop: int, reason: str) -> Unread:
        """Give up on everything from here to `stop`."""
        first = self.at
        if first >= len(self.tokens):
            return Unread(self.place(first), "", reason)
        self.at = max(stop, first + 1)
        return self.unread(first, self.at, reason)

    def inside(self, stop: int) -> Node:
        """Read from here to `stop` as one node of its own group, and stand at `stop`."""
        end, style, in_script, integrals = self.end, self.style, self.in_script, self.integrals
        if self.depth >= MAX_DEPTH:
            node: Node = self.skip_unread(stop, "nested too deeply") if stop > self.at else self.empty()
            self.at = stop
            return node
        self.depth += 1
        self.end = stop
        self.integrals = 0
        node = self.grammar.whole(self, stop)
        self.at = stop
        self.depth -= 1
        self.end, self.style, self.in_script, self.integrals = end, style, in_script, integrals
        return node

    def argument(self, script: bool = False) -> Node:
        """The next argument of a command: a group, or a single token as TeX takes it."""
        token = self.peek()
        if token is None:
            return self._missing()
        if token.kind == "{" and token.mate is not None:
            stop = token.mate.index
            self.at += 1
            was, self.in_script = self.in_script, script or self.in_script
            node = self.inside(stop)
            self.in_script = was
            self.at = stop + 1
            return node
        if token.kind == "number" and len(token.text) > 1 and token.value == token.text:
            return self._first_digit(token)
        if token.kind in ("rel", "signed", "sep", "row", "amp", "quad", "close", "right", "end", "tag"):
            return self._missing()
        was, self.in_script = self.in_script, True
        self.depth += 1
        if self.depth > MAX_DEPTH:
            node = self.skip_unread(self.end, "nested too deeply")
        elif token.kind in ("add", "mul", "bang"):
            self.at += 1
            node = self.mark(token)
        else:
            node = self.grammar.operand(self)
        self.depth -= 1
        self.in_script = was
        return node

    def _missing(self) -> Node:
        before = self.tokens[self.at - 1] if self.at else None
        span = self.place(self.at) if before is None else self.span(self.at - 1, self.at)
        return Unread(span, before.text if before is not None else "", "an argument is missing")

    def mark(self, token: Token) -> Node:
        """An operator that stands where an operand could: `x^*`, `f(\\cdot)`."""
        value = token.value
        command = value.startswith("\\")
        return Name(self.span(token.index, token.index + 1), value.lstrip("\\"), self.style, (), command)

    def _first_digit(self, token: Token) -> Node:
        digit = token.text[0]
        span = self.span(self.at, self.at + 1)
        if token.end - token.start == len(token.text):
            span = self.text.span(token.start, token.start + 1)
            token.start += 1
        token.text = token.value = token.text[1:]
        token.gap = True
        return Number(span, digit)
