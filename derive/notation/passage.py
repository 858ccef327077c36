"""A whole formula: its rows, the chains that go on over them, and the remarks beside."""

from __future__ import annotations

from collections.abc import Sequence

from derive.documents.document import Macro
from derive.notation.angles import find_angles
from derive.notation.cursor import Cursor
from derive.notation.expression import Reading, read_chain
from derive.notation.fences import pair
from derive.notation.macros import expand
from derive.notation.numerals import join_thousands, settle_commas
from derive.notation.prose import begins_condition, is_name
from derive.notation.repeated import join_repeated
from derive.notation.rows import SIGN_KINDS, arrange
from derive.notation.standins import replace_standins
from derive.notation.stream import read_stream
from derive.notation.tokens import Token, tokenise
from derive.notation.tree import Chain, Empty, Fenced, Node, Passage, Remark, Text, Unread
from derive.source import TracedText

MAX_CHARACTERS = 500_000
"""A longer formula is not read: no one derives in half a million characters."""

_IMPLIES = frozenset({"⇒", "⇔", "∴", "∵", "\\Leftarrow", "\\Longleftarrow", "\\impliedby"})
_EDGES = frozenset({"quad", "sep", "stop", "row"})
_BOUNDARIES = frozenset({"row", "sep", "stop", "tag", "quad"})
_OPEN_ENDS = SIGN_KINDS | {"add", "mul", "open", "left"}


def read_passage(text: TracedText, macros: Sequence[Macro] = ()) -> Passage:
    """The tree of a displayed or inline formula, given the characters inside its delimiters. Never raises: what is
    not understood is an Unread node in the chain where it stands."""
    if len(text) > MAX_CHARACTERS:
        return _give_up(text, "too long to be read")
    tokens = join_repeated(join_thousands(settle_commas(read_stream(expand(tokenise(text.text), macros)))))
    pair(find_angles(tokens))
    replace_standins(tokens)
    reader = PassageReader(Cursor(text, arrange(tokens), Reading()))
    try:
        reader.read()
    except RecursionError:
        return _give_up(text, "nested too deeply")
    return Passage(text.span(0, len(text)), tuple(reader.items), tuple(reader.rows))


def _give_up(text: TracedText, reason: str) -> Passage:
    span = text.span(0, len(text))
    return Passage(span, (Chain(span, (Unread(span, text.text[:200], reason),), ()),), (0,))


def stop_kind(tokens: list[Token], stop: int) -> str:
    """The kind of the token at which a piece of a formula ends, empty at the end of the formula."""
    return tokens[stop].kind if stop < len(tokens) else ""


class PassageReader:
    """Goes through the outermost tokens of a formula and parts them into chains and remarks."""

    def __init__(self, c: Cursor) -> None:
        self.c = c
        self.items: list[Chain | Remark] = []
        self.rows: list[int] = []
        self.row = 0
        self.start = 0
        self.start_row = 0
        self.signed = False
        self.remark: list[Node] | None = None
        self.remark_row = 0
        self.last_chain = -1
        self.remark_leads = False

    def read(self) -> None:
        """Read everything into `items` and `rows`."""
        tokens = self.c.tokens
        stop = len(tokens)
        k = 0
        while k < stop:
            token = tokens[k]
            kind = token.kind
            if kind in ("_", "^"):
                k = tokens[k + 1].jump if k + 1 < stop and tokens[k + 1].kind not in ("row", "tag") else k + 1
                continue
            if kind in SIGN_KINDS:
                if token.value in _IMPLIES and kind == "rel":
                    self._finish(k)
                    self.end_remark()
                    span = self.c.span(k, k + 1)
                    self._add(Remark(span, "text", (Text(span, token.value),)), self.row)
                    self._restart(k + 1)
                else:
                    self.signed = True
            elif kind == "row":
                self._read_row(k)
            elif kind == "tag":
                self._finish(k)
                said = Text(self.c.span(k, k + 1), token.text)
                self._add(Remark(said.span, token.value, (said,)), self.row)
                self._restart(k + 1)
            elif kind == "quad":
                self._read_quad(k)
            elif kind == "quantifier":
                self._begin_remark(k, Text(self.c.span(k, k + 1), "∀"))
            elif kind == "sep" and token.value in ",;":
                self._read_comma(k)
            elif kind == "sep" and token.value == ":":
                self._read_colon(k)
            elif kind == "text" and not self._is_name(k):
                self._read_prose(k)
            k = token.jump
        self._finish(stop)
        self.end_remark()

    def _is_name(self, k: int) -> bool:
        tokens = self.c.tokens
        before = tokens[k - 1] if k and tokens[k - 1].kind not in _BOUNDARIES else None
        after = tokens[k + 1] if k + 1 < len(tokens) else None
        if before is None and len(tokens) > 1 and (after is None or after.kind in _BOUNDARIES):
            return False
        return is_name(tokens[k], before, after, False)

    def _restart(self, at: int) -> None:
        self.start = at
        self.start_row = self.row
        self.signed = False

    def _add(self, item: Chain | Remark, row: int) -> None:
        if isinstance(item, Chain):
            self.last_chain = len(self.items)
        self.items.append(item)
        self.rows.append(row)

    def _finish(self, stop: int) -> None:
        """Read what stands between the last boundary and `stop`, and add it to the items or to the open remark."""
        c = self.c
        tokens = c.tokens
        first, last = self.start, stop
        while first < last and tokens[first].kind in _EDGES:
            self.start_row += tokens[first].kind == "row"
            first += 1
        while last > first and tokens[last - 1].kind in _EDGES:
            last -= 1
        closing = last
        if last - first > 1 and tokens[last - 1].kind == "unknown" and tokens[last - 2].kind == "stop":
            last -= 1
            while last > first and tokens[last - 1].kind in _EDGES:
                last -= 1
        if first < last:
            node = self._read(first, last)
            if self.remark is not None:
                self.remark.append(node)
            else:
                self._add_chain(node, first, last)
        if last < closing and first < last:  # an unknown command behind the full stop says nothing of the formula
            said = Text(c.span(closing - 1, closing), tokens[closing - 1].text)
            self._add(Remark(said.span, "text", (said,)), self.row)
        self._restart(stop)

    def _read(self, first: int, last: int) -> Node:
        """One chain from the tokens `first` to `last`, the row breaks among them left out."""
        c = self.c
        k = first
        while k < last:
            # a row break that joins is a space, which every reader steps over
            if c.tokens[k].kind == "row":
                c.tokens[k].kind = "quad"
            k = c.tokens[k].jump
        c.at, c.end, c.style, c.in_script, c.depth = first, last, "", False, 0
        return read_chain(c, last)

    def _add_chain(self, node: Node, first: int, last: int) -> None:
        if isinstance(node, Empty):
            return
        span = self.c.span(first, last)
        earlier = self.items[self.last_chain] if self.last_chain >= 0 else None
        parted = first > 0 and self.c.tokens[first - 1].kind == "quad"
        if isinstance(node, Fenced) and node.left == "(" and earlier is not None and parted:
            self._add(Remark(span, "text", (node,)), self.start_row)
            return
        chain = node if isinstance(node, Chain) else Chain(span, (node,), ())
        worded = stop_kind(self.c.tokens, last) == "text"
        if earlier is not None and parted and worded and not chain.signs:
            # prose that begins with a formula, behind a chain that may go on in the next row
            self._add(Remark(span, "text", (chain,)), self.start_row)
            return
        if isinstance(earlier, Chain) and chain.signs and isinstance(chain.operands[0], Empty):
            # only a remark stands between the rows of one chain
            between = self.items[self.last_chain + 1 :]
            if all(isinstance(item, Remark) and not self._parts_chains(item) for item in between):
                self.items[self.last_chain] = self._join(earlier, chain)
                return
        self._add(chain, self.start_row)

    @staticmethod
    def _join(earlier: Chain, chain: Chain) -> Chain:
        """A chain with the one that goes on with it: the first operand of the second is empty."""
        span = earlier.span.cover(chain.span)
        return Chain(span, (*earlier.operands, *chain.operands[1:]), (*earlier.signs, *chain.signs))

    @staticmethod
    def _parts_chains(remark: Remark) -> bool:
        """Whether a remark ends the chain before it (an arrow between whole relations does)."""
        return isinstance(remark.parts[0], Text) and remark.parts[0].text in _IMPLIES

    def _begin_remark(self, k: int, text: Node) -> None:
        leads = self.start >= k or all(self.c.tokens[j].kind in ("quad", "row") for j in range(self.start, k))
        self._finish(k)
        if self.remark is None:
            self.remark = [text]
            self.remark_row = self.row
            self.remark_leads = leads and not (self.items and self.rows[-1] == self.row)
        else:
            self.remark.append(text)
        self._restart(k + 1)

    def end_remark(self) -> None:
        """Close the open remark, if there is one."""
        if self.remark is not None:
            parts = tuple(self.remark)
            span = parts[0].span
            for part in parts[1:]:
                span = span.cover(part.span)
            self._add(Remark(span, "text", parts), self.remark_row)
            self.remark = None

    def _read_prose(self, k: int) -> None:
        token = self.c.tokens[k]
        text = Text(self.c.span(k, k + 1), token.value)
        if not token.value.strip():
            return
        if begins_condition(token.value) or self.remark is not None or self._is_comment(k):
            self._begin_remark(k, text)
            return
        self._finish(k)
        self._add(Remark(text.span, "text", (text,)), self.row)
        self._restart(k + 1)

    def _is_comment(self, k: int) -> bool:
        """Whether prose beside a chain is followed by something that states nothing, which then belongs to it."""
        tokens = self.c.tokens
        if all(tokens[j].kind in ("quad", "sep") for j in range(self.start, k)) and self.row not in self.rows[-1:]:
            return False
        signed, empty, begin = self._next_piece(k)
        if signed or empty:
            return False
        stop = begin
        while stop < len(tokens) and tokens[stop].kind not in ("row", "text", "tag"):
            stop = tokens[stop].jump
        following = tokens[stop + 1] if stop + 1 < len(tokens) and tokens[stop].kind == "row" else None
        return following is None or following.kind not in SIGN_KINDS

    def _read_row(self, k: int) -> None:
        self.row += 1
        tokens = self.c.tokens
        after = k + 1
        while after < len(tokens) and tokens[after].kind == "quad":
            after += 1
        following = tokens[after] if after < len(tokens) else None
        if self.remark is not None:
            self._finish(k)
            self.end_remark()
            self._restart(k + 1)
            return
        before = k - 1
        while before >= self.start and tokens[before].kind in ("quad", "row"):
            before -= 1
        if before < self.start:
            self._restart(k + 1)
            return
        open_end = tokens[before].kind in _OPEN_ENDS and not (before and tokens[before - 1].kind in ("_", "^"))
        punctuated = tokens[before].kind in ("sep", "stop")
        if following is not None and (open_end or self._goes_on(following, punctuated)):
            return
        self._finish(k)
        self._restart(k + 1)

    def _goes_on(self, following: Token, punctuated: bool) -> bool:
        """Whether a row that begins with this token goes on with the chain before it (`punctuated`: it ended so)."""
        if following.kind in SIGN_KINDS:
            return following.value not in _IMPLIES
        if punctuated:
            return False
        if following.kind == "mul":
            return following.value != "\\star"
        if following.kind == "add":
            return (self.signed or following.value not in "+-") and not self._states_itself(following)
        return False

    def _states_itself(self, first: Token) -> bool:
        """Whether the row of a leading sign is an equation of its own: `-y &= 2` under `x &= 1`."""
        tokens = self.c.tokens
        k = first.index
        if first.aligned:
            return False
        while k < len(tokens) and tokens[k].kind != "row":
            if tokens[k].kind in SIGN_KINDS:
                return tokens[k].aligned or (k + 1 < len(tokens) and tokens[k + 1].aligned)
            k = tokens[k].jump
        return False

    def _next_piece(self, k: int) -> tuple[bool, bool, int]:
        """What stands between token `k` and the next boundary: whether it has a sign, whether it is empty, its end."""
        tokens = self.c.tokens
        signed = False
        j = k + 1
        while j < len(tokens) and tokens[j].kind == "quad":
            j += 1
        begin = j
        while j < len(tokens):
            token = tokens[j]
            kind = token.kind
            if kind in SIGN_KINDS:
                if token.value in _IMPLIES:
                    break
                signed = True
            if kind in ("sep", "quad", "tag", "row", "quantifier") and not (kind == "sep" and token.value == "|"):
                break
            if kind == "text" and not self._is_name(j):
                break
            j = tokens[j + 1].jump if kind in ("_", "^") and j + 1 < len(tokens) else token.jump
        return signed, j == begin, begin

    def _read_comma(self, k: int) -> None:
        if not self.signed:
            if self.remark is None and self.c.tokens[k].value == ";":
                self._finish(k)
            return
        signed, empty, begin = self._next_piece(k)
        if empty:
            return
        if signed:
            first = self.c.tokens[begin]
            if first.kind in SIGN_KINDS:
                return
            if self.remark is not None and self.remark_leads:
                self._finish(k)
                self.end_remark()
                self._restart(k + 1)
                return
            self._finish(k)

    def _read_colon(self, k: int) -> None:
        tokens = self.c.tokens
        if self.remark is not None and self.remark_leads:
            self._finish(k)
            self.end_remark()
            self._restart(k + 1)
            return
        if k + 1 >= len(tokens):
            return
        if self.signed or tokens[k + 1].kind in ("row", "quad") or tokens[k + 1].aligned:
            self._finish(k)
        else:
            tokens[k].kind = "rel"
            self.signed = True

    def _read_quad(self, k: int) -> None:
        tokens = self.c.tokens
        before = k - 1
        while before >= self.start and tokens[before].kind in ("quad", "row"):
            before -= 1
        if before < self.start or tokens[before].kind in SIGN_KINDS | {"add", "mul"}:
            return
        signed, empty, begin = self._next_piece(k)
        after = tokens[begin].kind if begin < len(tokens) else ""
        if after in SIGN_KINDS | {"add", "mul"} and tokens[begin].value not in _IMPLIES:
            return
        if empty and after != "quantifier":
            return
        listed = tokens[before].kind == "sep" and not signed
        if listed and (after == "ellipsis" or any(t.kind == "ellipsis" for t in tokens[self.start : k])):
            return
        if self.remark is not None:
            if listed:
                return
            self._finish(k)
            self.end_remark()
            self._restart(k + 1)
            return
        if self.signed or signed:
            if listed and not self.signed:
                return
            self._finish(k)
