"""Bars: which `|` open and close an absolute value, which stand between what is given, which evaluate.

All bars that stand directly in one group are judged together. A bar that cannot end an operand opens; one that
can closes what is open; otherwise an even number of bars after it makes it a separator, an odd one an opener.
Two bars side by side are a norm or a double separator where that leaves none without a partner.
"""

from __future__ import annotations

import itertools

from derive.notation.tokens import Token

_OPERAND_ENDS = frozenset({"letter", "number", "name", "unknown", "}", "close", "'", "bang", "right", "end", "eval"})
_OPERATORS = frozenset({"big", "function", "arg", "operatorname"})


def resolve_bars(bars: list[Token], tokens: list[Token], inside: bool) -> None:
    """Give each bar of a group (with its row breaks and alignment marks) its kind; `inside` is True in a fence."""
    if not bars:
        return
    doubled = [
        (first, second)
        for first, second in itertools.pairwise(bars)
        if first.value == second.value == "|" and first.index + 1 == second.index and first.end == second.start
    ]
    if doubled:
        taken: list[Token] = []
        seconds: set[int] = set()
        for first, second in doubled:
            if first.index not in seconds:
                seconds.add(second.index)
                first.value, second.kind = "||", "skip"
        taken = [bar for bar in bars if bar.index not in seconds]
        if _judge(taken, tokens, inside):
            return
        for bar in bars:
            if bar.index in seconds:
                bar.kind, bar.value = "bar", "|"
            elif bar.value == "||":
                bar.value = "|"
            if bar.kind in ("open", "close", "sep", "eval", "stray") and bar.text == "|":
                bar.kind, bar.mate = "bar", None
    _judge(bars, tokens, inside)


def _judge(bars: list[Token], tokens: list[Token], inside: bool) -> bool:
    """Decide all bars; False where one found no partner."""
    clean = True
    remaining = sum(1 for bar in bars if bar.kind == "bar")
    opened: list[Token] = []
    for bar in bars:
        if bar.kind in ("row", "amp"):
            clean &= not opened
            _give_up(opened, inside)
            continue
        if bar.kind == "middle":
            bar.kind = "sep"
            continue
        remaining -= 1
        if _is_alone(tokens, bar.index):
            bar.kind, bar.value = "ellipsis", "vert"  # a column that is not written out
            continue
        following = bar.index + (2 if bar.value == "||" and bar.text == "|" else 1)
        after = tokens[following].kind if following < len(tokens) else ""
        if not ends_operand(tokens, bar.index) and after not in ("close", "}", "_", "^", ""):
            bar.kind = "open"
            opened.append(bar)
        elif opened and opened[-1].value == bar.value:
            _shut(opened.pop(), bar)
        elif after in ("_", "^") and bar.value == "|":
            bar.kind = "eval"
        elif remaining % 2 and after not in ("close", "}", ""):
            bar.kind = "open"
            opened.append(bar)
            clean &= len(opened) == 1
        else:
            clean &= not opened
            bar.kind = "sep"
            bar.value = bar.value.replace("‖", "||")
    clean &= not opened
    _give_up(opened, inside)
    return clean


def _is_alone(tokens: list[Token], index: int) -> bool:
    """Whether a token is all that a cell holds."""
    if not index or index + 1 >= len(tokens):
        return False
    before, after = tokens[index - 1].kind, tokens[index + 1].kind
    return before in _CELL_ENDS and after in _CELL_ENDS and "amp" in (before, after)


_CELL_ENDS = frozenset({"amp", "row", "begin", "end"})


def _shut(opener: Token, closer: Token) -> None:
    closer.kind = "close"
    opener.value = closer.value = opener.value.replace("‖", "||")
    opener.mate, closer.mate = closer, opener


def _give_up(opened: list[Token], inside: bool) -> None:
    for bar in opened:
        bar.kind = "sep" if inside else "stray"
        bar.value = bar.value.replace("‖", "||")
    opened.clear()


def ends_operand(tokens: list[Token], index: int) -> bool:
    """Whether an operand ends with the token before `index`."""
    for _ in range(3):
        if index == 0:
            return False
        previous = tokens[index - 1]
        if previous.kind == "skip":
            index -= 1
            continue
        if previous.kind == "text":
            return bool(previous.value.strip())
        if previous.kind not in _OPERAND_ENDS:
            return previous.kind == "mul" and index >= 2 and tokens[index - 2].kind in ("_", "^")
        first = previous.mate.index if previous.kind == "}" and previous.mate is not None else index - 1
        if first == 0 or tokens[first - 1].kind not in ("_", "^"):
            return True
        index = first - 1
        if index and tokens[index - 1].kind in _OPERATORS:
            return False
    return True
