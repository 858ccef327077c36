"""A tree as one line of Unicode, to be read in a terminal: `Σ_{j=1}^{n} exp(z_j)`, `(a + b)/(c d)`, `√(x)`.

Parentheses are added wherever the line could be read another way; no backslash is left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.notation.commands.characters import UNICODE
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

_CHARACTERS = {name: character for character, name in reversed(UNICODE.items())} | {
    "epsilon": "ϵ", "varepsilon": "ε", "phi": "φ", "varphi": "ϕ", "mu": "μ", "Delta": "Δ", "cdot": "·", "setminus": "∖",
    "prime": "′", "dagger": "†", "ddagger": "‡", "Re": "Re", "Im": "Im", "hslash": "ℏ", "top": "⊤", "bot": "⊥",
    "star": "⋆",
    "ast": "∗", "varnothing": "∅", "square": "□", "triangle": "△", "angle": "∠", "sharp": "♯", "flat": "♭", "wp": "℘",
    "aleph": "ℵ", "imath": "ı", "jmath": "ȷ", "%": "%", "to": "→", "rightarrow": "→", "gets": "←", "leftarrow": "←",
    "implies": "⇒", "xrightarrow": "→", "xleftarrow": "←", "xRightarrow": "⇒", "Leftarrow": "⇐",
    "succ": "≻", "prec": "≺", "simeq": "≃", "cong": "≅", "asymp": "≍", "bullet": "•",
    "ominus": "⊖", "sqcup": "⊔", "uplus": "⊎", "oslash": "⊘", "lor": "∨", "vee": "∨", "land": "∧", "wedge": "∧",
    "bmod": "mod", "sim": "∼", "parallel": "∥", "lesssim": "≲", "gtrsim": "≳", "models": "⊨", "vdash": "⊢",
    "bigcup": "⋃", "bigcap": "⋂", "coprod": "∐", "sum": "Σ", "prod": "Π", "int": "∫", "iint": "∬", "iiint": "∭",
    "oint": "∮", "argmax": "arg max", "argmin": "arg min", "bigoplus": "⨁", "bigotimes": "⨂", "dots": "…", "ldots": "…",
    "vert": "|",
    "cdots": "⋯", "vdots": "⋮", "ddots": "⋱", "exists": "∃", "hookrightarrow": "↪", "rightleftharpoons": "⇌",
}  # fmt: skip

_MARKS = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0305", "tilde": "\u0303",
    "widetilde": "\u0303",
    "dot": "\u0307", "ddot": "\u0308", "dddot": "\u20db", "vec": "\u20d7", "overrightarrow": "\u20d7",
    "underline": "\u0332", "mathring": "\u030a", "check": "\u030c", "breve": "\u0306", "acute": "\u0301",
    "grave": "\u0300",
}  # fmt: skip

_DOUBLE = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ1", "𝔸𝔹ℂ𝔻𝔼𝔽𝔾ℍ𝕀𝕁𝕂𝕃𝕄ℕ𝕆ℙℚℝ𝕊𝕋𝕌𝕍𝕎𝕏𝕐ℤ𝟙", strict=True))
_RAISED = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_FENCES = {
    ("floor", 0): "⌊", ("floor", 1): "⌋", ("ceil", 0): "⌈", ("ceil", 1): "⌉", ("<", 0): "⟨", (">", 1): "⟩",
    ("||", 0): "‖", ("||", 1): "‖", (".", 0): "", (".", 1): "", ("[[", 0): "⟦", ("]]", 1): "⟧",
}  # fmt: skip

# how tightly a node holds together: what is below the level asked for gets parentheses
_LIST, _CHAIN, _SUM, _PRODUCT, _FACTOR, _ATOM = range(6)


def to_unicode(node: Node) -> str:
    """The tree, a remark or a whole passage on one line."""
    return _write(node)


def _level(node: Node) -> int:
    if isinstance(node, List):
        return _LIST
    if isinstance(node, Chain):
        return _CHAIN if node.signs else _level(node.operands[0])
    if isinstance(node, Sum):
        return _SUM
    if isinstance(node, Product | Fraction | BigOperator):
        return _PRODUCT
    if isinstance(node, Script | Postfix | At | Function):
        return _FACTOR
    if isinstance(node, Text):
        return _ATOM if node.names or node.text.isalpha() else _LIST
    if isinstance(node, Annotated):
        if node.kind == "pmod":
            return _ATOM
        return _level(node.body) if node.note is None or isinstance(node.body, Name) else _PRODUCT
    return _ATOM


def _hold(node: Node, level: int) -> str:
    text = _write(node)
    return text if _level(node) >= level else f"({text})"


def _write(node: Node) -> str:
    writer = _WRITERS.get(type(node))
    return writer(node) if writer is not None else ""


def _symbol(name: str) -> str:
    return _CHARACTERS.get(name, name)


def _name(node: Name) -> str:
    text = _symbol(node.letters) if node.command else node.letters
    if node.style in ("mathbb", "mathds", "Bbb"):
        text = _DOUBLE.get(text, text)
    return text + "".join(_MARKS.get(accent, "") for accent in node.accents)


def _script(node: Script) -> str:
    base = "" if node.base is None else _hold(node.base, _ATOM)
    text = base + "′" * node.primes
    if node.sub is not None:
        text += "_" + _small(node.sub)
    if node.sup is not None:
        if isinstance(node.sup, Number) and node.sup.text.isdigit():
            return text + "".join(_RAISED[digit] for digit in node.sup.text)
        text += "^" + _small(node.sup)
    return text


def _small(node: Node) -> str:
    text = _write(node)
    return text if len(text) == 1 or isinstance(node, Number) else "{" + text + "}"


def _fraction(node: Fraction) -> str:
    return f"{_half(node.numerator)}/{_half(node.denominator)}"


def _half(node: Node) -> str:
    """A numerator or a denominator: what a derivative is taken of, or by, needs no parentheses."""
    if isinstance(node, Product) and len(node.factors) == 2 and node.operators == ("",):
        first, second = node.factors
        first = first.base if isinstance(first, Script) and isinstance(first.base, Name) else first
        if isinstance(first, Name) and first.letters in ("partial", "d") and _level(second) >= _FACTOR:
            return _write(node.factors[0]) + _write(second)
    return _hold(node, _FACTOR)


def _product(node: Product) -> str:
    parts = [_product_factor(node, 0)]
    for k, operator in enumerate(node.operators, 1):
        text = _product_factor(node, k)
        if operator == "/":
            parts.append("/" + text)
        elif operator:
            parts.append(f" {_symbol(operator.lstrip(chr(92)))} {text}")
        elif isinstance(node.factors[k], Fenced) and _calls(node.factors[k - 1]):
            parts.append(text)
        else:
            parts.append(" " + text)
    return "".join(parts)


def _calls(node: Node) -> bool:
    return isinstance(node, Name | Word | Script | Fenced | Annotated | Matrix) or (
        isinstance(node, Text) and node.names
    )


def _product_factor(node: Product, k: int) -> str:
    factor = node.factors[k]
    last = k == len(node.factors) - 1
    if isinstance(factor, Fraction):
        return f"({_write(factor)})"
    if isinstance(factor, BigOperator) and last:
        return _write(factor)
    return _hold(factor, _FACTOR)


def _sum(node: Sum) -> str:
    text = ""
    for k, (term, sign) in enumerate(zip(node.terms, node.signs, strict=True)):
        mark = _symbol(sign.lstrip("\\")) if sign.startswith("\\") else {"-": "−"}.get(sign, sign)
        body = _hold(term, _PRODUCT)
        text += f"{mark}{body}" if not k else f" {mark} {body}"
    return text


def _big(node: BigOperator) -> str:
    text = _symbol(node.operator)
    if node.sub is not None:
        text += "_{" + _write(node.sub) + "}"
    if node.sup is not None:
        text += "^{" + _write(node.sup) + "}"
    return f"{text} {_hold(node.body, _PRODUCT)}"


def _function(node: Function) -> str:
    text = node.name
    if node.sub is not None:
        text += "_" + _small(node.sub)
    if node.sup is not None:
        text += "^" + _small(node.sup)
    argument = node.argument
    if isinstance(argument, Fenced) and argument.left in ("(", "[", "{"):
        return text + _write(argument)
    if isinstance(argument, Script) and isinstance(argument.base, Fenced):
        return text + _write(argument)
    return f"{text}({_write(argument)})"


def _fenced(node: Fenced) -> str:
    left = _FENCES.get((node.left, 0), "⟨" if node.left == "<" else node.left)
    right = _FENCES.get((node.right, 1), node.right)
    return f"{left}{_write(node.body)}{right}"


def _list(node: List) -> str:
    text = _item(node.items[0])
    for item, mark in zip(node.items[1:], node.separators, strict=True):
        body = _item(item)
        text += f"{mark} {body}" if mark in (",", ";") else f" {mark} {body}" if mark else f" {body}"
    return text


def _item(node: Node) -> str:
    return _write(node).strip() if isinstance(node, Text) else _hold(node, _CHAIN)


def _operand(node: Node) -> str:
    return _write(node) if isinstance(node, List) else _hold(node, _SUM)


def _chain(node: Chain) -> str:
    text = _operand(node.operands[0]) if node.signs else _write(node.operands[0])
    for sign, operand in zip(node.signs, node.operands[1:], strict=True):
        text = f"{text} {_sign(sign)} {_operand(operand)}".strip()
    return text


def _sign(node: Sign) -> str:
    sign = node.sign
    if sign.startswith("\\not") and "\\" in sign[1:]:
        sign = "not " + _symbol(sign[5:])
    text = _symbol(sign.lstrip("\\"))
    return f"{text}[{_write(node.label)}]" if node.label is not None else text


def _matrix(node: Matrix) -> str:
    rows = "; ".join(", ".join(_write(cell) for cell in row) for row in node.rows)
    marks = {"(": "()", "{": "{}", "|": "||", "||": "‖‖"}.get(node.fence, "[]")
    return f"{marks[0]}{rows}{marks[1]}"


def _cases(node: Cases) -> str:
    rows = (_write(v) + ("" if isinstance(c, Empty) else " if " + _write(c)) for v, c in node.rows)
    return "{" + "; ".join(rows) + "}"


def _root(node: Root) -> str:
    sign = {"3": "∛", "4": "∜"}.get(_write(node.degree), f"root[{_write(node.degree)}]") if node.degree else "√"
    return f"{sign}({_write(node.radicand)})"


def _at(node: At) -> str:
    text = f"{_hold(node.body, _FACTOR)}|"
    text += "" if node.sub is None else "_{" + _write(node.sub) + "}"
    return text + ("" if node.sup is None else "^{" + _write(node.sup) + "}")


def _annotated(node: Annotated) -> str:
    if node.kind == "pmod":
        return f"(mod {_write(node.note)})" if node.note is not None else "(mod)"
    body = _write(node.body)
    if node.kind in _MARKS:
        return f"{node.kind}({body})"
    if node.note is None:
        return body
    return f"({body})" + "{" + _write(node.note) + "}"


def _remark(node: Remark) -> str:
    text = " ".join(_write(part).strip() for part in node.parts)
    return f"({text})" if node.kind == "tag" else "" if node.kind == "label" else text


def _passage(node: Passage) -> str:
    return ";  ".join(text for text in (_write(item) for item in node.items) if text)


def _unread(node: Unread) -> str:
    return "⟪" + node.text.strip().replace("\\", "∖").replace("\n", " ") + "⟫"


_WRITERS: dict[type[Node], Callable[[Any], str]] = {
    Annotated: _annotated,
    At: _at,
    BigOperator: _big,
    Binomial: lambda node: f"binom({_write(node.upper)}, {_write(node.lower)})",
    Cases: _cases,
    Chain: _chain,
    Ellipsis: lambda node: _symbol(node.command),
    Empty: lambda node: "",
    Fenced: _fenced,
    Fraction: _fraction,
    Function: _function,
    List: _list,
    Matrix: _matrix,
    Name: _name,
    Number: lambda node: node.text,
    Passage: _passage,
    Postfix: lambda node: _hold(node.operand, _ATOM) + node.operator,
    Product: _product,
    Remark: _remark,
    Root: _root,
    Script: _script,
    Sign: _sign,
    Sum: _sum,
    Text: lambda node: node.text.replace("\\", "∖"),
    Unread: _unread,
    Word: lambda node: node.text,
}
