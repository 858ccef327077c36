"""Derivatives and differentials as they are written: `\\frac{\\partial L}{\\partial z_j}`, `\\frac{d^2}{dx^2}`,
`dx`."""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.tree import BigOperator, Fraction, Name, Node, Number, Product, Script, Word


def is_d(node: Node) -> bool:
    """Whether a node is the `d` or `∂` of a differential."""
    return (
        isinstance(node, Name)
        and node.letters in ("d", "partial")
        and not node.accents
        and (node.style in ("", "mathrm", "rm", "text", "operatorname", "mathit", "textrm"))
    )


def factors_of(node: Node) -> list[tuple[str, Node]]:
    """The factors of a node with the operator before each, differentials written together (`dx`) taken apart."""
    if isinstance(node, Product):
        pairs = list(zip(("", *node.operators), node.factors, strict=True))
    else:
        pairs = [("", node)]
    parts: list[tuple[str, Node]] = []
    for operator, factor in pairs:
        base = factor.base if isinstance(factor, Script) else factor
        if isinstance(base, Word) and base.letters[0].letters == "d" and not base.letters[0].style:
            rest: Node = base.letters[1] if len(base.letters) == 2 else Word(base.span, base.letters[1:])
            if isinstance(factor, Script):
                rest = Script(factor.span, rest, factor.sub, factor.sup, factor.primes)
            parts += [(operator, base.letters[0]), ("", rest)]
        else:
            parts.append((operator, factor))
    return parts


def product_of(parts: list[tuple[str, Node]]) -> Node:
    """The node of these factors again."""
    if len(parts) == 1:
        return parts[0][1]
    span = parts[0][1].span.cover(parts[-1][1].span)
    return Product(span, tuple(node for _, node in parts), tuple(operator for operator, _ in parts[1:]))


@dataclass(frozen=True, slots=True)
class WrittenDerivative:
    """A derivative as written: what is differentiated (None where it follows the fraction), and by what, once for
    each order."""

    body: Node | None
    variables: tuple[Node, ...]


def written_derivative(fraction: Fraction) -> WrittenDerivative | None:
    """Read a fraction as a derivative, or None where it is an ordinary fraction."""
    above = factors_of(fraction.numerator)
    below = factors_of(fraction.denominator)
    order = _order_of_d(above[0][1])
    if order is None or not below or not is_d(below[0][1]):
        return None
    variables: list[Node] = []
    k = 0
    while k < len(below):
        if not is_d(below[k][1]) or k + 1 >= len(below):
            return None
        variable = below[k + 1][1]
        count = 1
        if isinstance(variable, Script) and isinstance(variable.sup, Number) and variable.sup.text.isdigit():
            count = min(int(variable.sup.text), 9)
            variable = (
                Script(variable.span, variable.base, variable.sub, None) if variable.sub else variable.base or variable
            )
        variables += [variable] * count
        k += 2
    if order == 1 and len(variables) == 2 and len(below) == 2:
        variables = [below[1][1]]  # by a square: d/dσ²
    if order != len(variables):
        return None
    rest = above[1:]
    return WrittenDerivative(product_of(rest) if rest else None, tuple(variables))


def _order_of_d(node: Node) -> int | None:
    if is_d(node):
        return 1
    if isinstance(node, Script) and node.base is not None and is_d(node.base) and node.sub is None:
        if isinstance(node.sup, Number) and node.sup.text.isdigit():
            return int(node.sup.text)
    return None


def take_differentials(body: Node) -> tuple[Node, list[Node]] | None:
    """Part the differentials from an integrand: the integrand without them, and the variables; None where there is
    no differential. `\\frac{dx}{x}` counts."""
    parts = factors_of(body)
    variables: list[Node] = []
    rest: list[tuple[str, Node]] = []
    k = 0
    while k < len(parts):
        operator, node = parts[k]
        if is_d(node) and k + 1 < len(parts) and parts[k + 1][0] == "":
            variables.append(parts[k + 1][1])
            k += 2
            continue
        if isinstance(node, Fraction) and written_derivative(node) is None:
            inner = take_differentials(node.numerator)
            if inner is not None:
                node = Fraction(node.span, inner[0], node.denominator)
                variables += inner[1]
        elif isinstance(node, BigOperator) and not variables and k == len(parts) - 1 and "int" not in node.operator:
            inner = take_differentials(node.body)
            if inner is not None:
                node = BigOperator(node.span, node.operator, node.sub, node.sup, inner[0])
                variables += inner[1]
        rest.append((operator, node))
        k += 1
    if not variables:
        return None
    if not rest:
        return Number(body.span, "1"), variables
    return product_of(rest), variables
