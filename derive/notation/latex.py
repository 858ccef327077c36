"""A tree as clean LaTeX: macros expanded, layout left out, ready for amsmath and amssymb.

Reading the result gives the same tree again (but for Unread parts, which are shown as they stand in typewriter).
Braces that only group leave no node, so they go wherever a part could run into its neighbour.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.notation.commands import COMMANDS
from derive.notation.commands.command import words
from derive.notation.commands.functions import BARE
from derive.notation.commands.operators import PLAIN_BIG
from derive.notation.commands.relations import SIGNS
from derive.notation.tree import (
    Annotated,
    At,
    BigOperator,
    Binomial,
    Cases,
    Chain,
    Ellipsis,
    Empty,
    Fenced,
    Fraction,
    Function,
    List,
    Matrix,
    Name,
    Node,
    Number,
    Passage,
    Postfix,
    Product,
    Remark,
    Root,
    Script,
    Sign,
    Sum,
    Text,
    Unread,
    Word,
)  # fmt: skip

_SIGNS = {sign: "\\" + names.split()[0] for names, sign in SIGNS.items()} | {
    "=": "=", "<": "<", ">": ">", ":=": ":=", "=:": "=:", "≤": "\\le", "≥": "\\ge", "→": "\\to", "⇒": "\\Rightarrow",
    "⇔": "\\Leftrightarrow", "∀": "\\forall",
}  # fmt: skip
_STANDARD = words(
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth exp log ln lg det gcd dim ker deg hom Pr "
    "arg max min sup inf"
)
_FENCES = {
    "(": "(", ")": ")", "[": "[", "]": "]", "{": "\\{", "}": "\\}", "|": "|", "||": "\\|", ".": ".", "/": "/",
    "[[": "\\llbracket", "]]": "\\rrbracket",
}  # fmt: skip
_MATRICES = {"(": "pmatrix", "[": "bmatrix", "{": "Bmatrix", "|": "vmatrix", "||": "Vmatrix"}
_ESCAPES = {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"} | {
    character: "\\" + character for character in "{}_$%#&"
}
_PLAIN = (Name, Number, Word, Fraction, Binomial, Root, Fenced, Ellipsis, Empty, Text, Unread, Matrix, Cases, Annotated)


def to_latex(node: Node) -> str:
    """The tree, a remark or a whole passage as LaTeX mathematics."""
    writer = _WRITERS.get(type(node))
    return writer(node) if writer is not None else ""


def _brace(node: Node) -> str:
    return "{" + ("" if isinstance(node, Empty) else to_latex(node)) + "}"


def _escape(text: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in text)


def _runs_on(node: Name) -> bool:
    """Whether a name would take what follows it for its argument."""
    command = COMMANDS.get(node.letters)
    known = command is not None and command.kind in ("function", "big", "arg", "accent")
    return (node.command or node.style == "operatorname") and known and not node.accents


def _name(node: Name) -> str:
    text = "\\" + node.letters if node.command else _escape(node.letters)
    if node.style == "operatorname":
        text = f"\\operatorname{{{text}}}"
    elif node.style:
        text = f"\\{node.style}{{{text}}}"
    for accent in node.accents:
        text = f"\\{accent}{{{text}}}"
    return "{" + text + "}" if _runs_on(node) else text


def _word(node: Word) -> str:
    return "{" + node.text + "}" if node.text in BARE else node.text


def _script(node: Script) -> str:
    if node.base is None:
        base = "{}"
    elif isinstance(node.base, Name | Number | Word | Fenced | Text | Matrix) and not isinstance(node.base, Empty):
        base = to_latex(node.base)
    else:
        base = _brace(node.base)
    text = base + "'" * node.primes
    text += "" if node.sub is None else "_" + _brace(node.sub)
    return text + ("" if node.sup is None else "^" + _brace(node.sup))


def _product(node: Product) -> str:
    parts: list[str] = []
    last = len(node.factors) - 1
    for k, factor in enumerate(node.factors):
        open_end = isinstance(factor, BigOperator) or (
            isinstance(factor, Function) and not isinstance(factor.argument, Fenced)
        )
        if isinstance(factor, _PLAIN) or (isinstance(factor, Script | Postfix | At | Function) and not open_end):
            text = to_latex(factor) if not isinstance(factor, Empty) else "{}"
        elif k == last and isinstance(factor, BigOperator | Function):
            text = to_latex(factor)
        else:
            text = _brace(factor)
        if not k:
            parts.append(text)
        elif node.operators[k - 1] == ".":
            parts[-1] += "." + text
        else:
            parts.extend([node.operators[k - 1], text] if node.operators[k - 1] else [text])
    return " ".join(parts)


def _sum(node: Sum) -> str:
    parts: list[str] = []
    for term, sign in zip(node.terms, node.signs, strict=True):
        if sign:
            parts.append(sign)
        held = isinstance(term, Sum | Chain | List | Empty)
        parts.append(_brace(term) if held else to_latex(term))
    return " ".join(parts)


def _big(node: BigOperator) -> str:
    name = node.operator
    text = f"\\operatorname*{{arg\\,{name[3:]}}}" if name.startswith("arg") else "\\" + name
    if name in PLAIN_BIG and name not in COMMANDS:
        text = f"\\operatorname*{{{name}}}"
    text += "" if node.sub is None else "_" + _brace(node.sub)
    text += "" if node.sup is None else "^" + _brace(node.sup)
    held = isinstance(node.body, Sum | Chain | List | Empty)
    return f"{text} {_brace(node.body) if held else to_latex(node.body)}"


def _function(node: Function) -> str:
    name = node.name
    if name == "sqrt":
        text = "sqrt"
    else:
        text = "\\" + name if name in _STANDARD else f"\\operatorname{{{name}}}"
        if name.startswith("arg") and name in PLAIN_BIG:
            text = f"\\operatorname*{{arg\\,{name[3:]}}}"
    text += "" if node.sub is None else "_" + _brace(node.sub)
    text += "" if node.sup is None else "^" + _brace(node.sup)
    argument = node.argument
    inner = argument.base if isinstance(argument, Script) else argument
    return text + (to_latex(argument) if isinstance(inner, Fenced) else _brace(argument))


def _fence(mark: str, right: bool) -> str:
    if mark in ("floor", "ceil"):
        return f"\\{'r' if right else 'l'}{mark}"
    if mark in ("<", ">"):
        return "\\rangle" if right else "\\langle"
    return _FENCES.get(mark, mark if len(mark) == 1 else "\\" + mark)


def _fenced(node: Fenced) -> str:
    left, right = _fence(node.left, False), _fence(node.right, True)
    body = "" if isinstance(node.body, Empty) else to_latex(node.body)
    body = "{" + body + "}" if isinstance(node.body, Matrix | Cases) else body
    if (node.left, node.right) in (("(", ")"), ("[", "]"), ("{", "}")):
        return f"{left}{body}{right}"
    return f"\\left{left} {body} \\right{right}"


def _list(node: List) -> str:
    dotted = any(isinstance(item, Ellipsis) for item in node.items)
    parts: list[str] = []
    marks = {"|": " \\mid ", "||": " \\bigm\\| ", ":": " : ", "": " "}
    for k, item in enumerate(node.items):
        held = isinstance(item, List | Empty) or (dotted and isinstance(item, Chain))
        parts.append(_brace(item) if held else to_latex(item))
        if k < len(node.separators):
            mark = node.separators[k]
            parts.append(marks.get(mark, mark + " "))
    return "".join(parts)


def _chain(node: Chain) -> str:
    if not node.signs:
        return to_latex(node.operands[0])
    parts = [_operand(node.operands[0])]
    for sign, operand in zip(node.signs, node.operands[1:], strict=True):
        parts += [_sign(sign), _operand(operand)]
    return " ".join(parts)


def _operand(node: Node) -> str:
    return _brace(node) if isinstance(node, List | Chain | Empty) else to_latex(node)


def _sign(node: Sign) -> str:
    if node.sign.startswith("\\x"):
        return node.sign + ("{}" if node.label is None else _brace(node.label))
    sign = _SIGNS.get(node.sign, node.sign)
    return sign if node.label is None else f"\\overset{_brace(node.label)}{{{sign}}}"


def _matrix(node: Matrix) -> str:
    name = _MATRICES.get(node.fence, "matrix")
    rows = " \\\\ ".join(_row(row) for row in node.rows)
    text = f"\\begin{{{name}}} {rows} \\end{{{name}}}"
    if node.fence == ".":
        return "{" + text + "}"
    if name == "matrix":
        right = {"<": ">"}.get(node.fence, node.fence)
        return f"\\left{_fence(node.fence, False)}{text}\\right{_fence(right, True)}"
    return text


def _row(cells: tuple[Node, ...]) -> str:
    if len(cells) == 1:
        return to_latex(cells[0])
    return " & ".join("" if isinstance(cell, Empty) else to_latex(cell) for cell in cells)


def _cases(node: Cases) -> str:
    rows = [_brace(v) if isinstance(c, Empty) else f"{_brace(v)} & {to_latex(c)}" for v, c in node.rows]
    return "\\begin{cases} " + " \\\\ ".join(rows) + " \\end{cases}"


def _at(node: At) -> str:
    text = f"\\left. {to_latex(node.body)} \\right|"
    text += "" if node.sub is None else "_" + _brace(node.sub)
    return text + ("" if node.sup is None else "^" + _brace(node.sup))


def _annotated(node: Annotated) -> str:
    if node.kind == "pmod":
        return "\\pmod" + _brace(node.note) if node.note is not None else ""
    if node.kind in ("overset", "underset", "stackrel", "stackbin", "cancelto"):
        note = "{}" if node.note is None else _brace(node.note)
        return f"\\{node.kind}{note}{_brace(node.body)}"
    text = f"\\{node.kind}{_brace(node.body)}"
    if node.note is not None:
        text += ("_" if node.kind.startswith("under") else "^") + _brace(node.note)
    return text


def _text(node: Text) -> str:
    if node.text in _SIGNS and len(node.text) == 1:
        return _SIGNS[node.text]
    return f"\\text{{{_escape(node.text)}}}"


def _remark(node: Remark) -> str:
    if node.kind in ("tag", "label"):
        said = "".join(part.text for part in node.parts if isinstance(part, Text))
        return f"\\{node.kind}{{{said}}}"
    return " ".join(to_latex(part) for part in node.parts)


def _passage(node: Passage) -> str:
    parts: list[str] = []
    for k, item in enumerate(node.items):
        if k:
            parts.append(" \\quad " if node.rows[k] == node.rows[k - 1] else " \\\\ ")
        parts.append(to_latex(item))
    return "".join(parts)


_WRITERS: dict[type[Node], Callable[[Any], str]] = {
    Annotated: _annotated,
    At: _at,
    BigOperator: _big,
    Binomial: lambda node: f"\\binom{_brace(node.upper)}{_brace(node.lower)}",
    Cases: _cases,
    Chain: _chain,
    Ellipsis: lambda node: "\\" + node.command,
    Empty: lambda node: "{}",
    Fenced: _fenced,
    Fraction: lambda node: f"\\frac{_brace(node.numerator)}{_brace(node.denominator)}",
    Function: _function,
    List: _list,
    Matrix: _matrix,
    Name: _name,
    Number: lambda node: node.text.replace("%", "\\%"),
    Passage: _passage,
    Postfix: lambda node: (to_latex if isinstance(node.operand, _PLAIN) else _brace)(node.operand) + node.operator,
    Product: _product,
    Remark: _remark,
    Root: lambda node: "\\sqrt" + (f"[{_brace(node.degree)}]" if node.degree else "") + _brace(node.radicand),
    Script: _script,
    Sign: _sign,
    Sum: _sum,
    Text: _text,
    Unread: lambda node: f"\\texttt{{{_escape(node.text)}}}",
    Word: _word,
}
