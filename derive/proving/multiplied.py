"""Equations between matrices that are the equation before, multiplied by a matrix from one side and by a number:
`x = A⁻¹ b` after `A x = b`. Derivatives in both are carried out first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sympy import Eq, Rational, S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.symbol import Str

from derive.meaning.matrices import (
    AnyEntry,
    Identity,
    MatrixPower,
    MatrixProduct,
    MatrixSum,
    MatrixTerm,
    Transposed,
    Zero,
)
from derive.meaning.objects import subterms
from derive.meaning.question import Question, Setting
from derive.proving.calculus import carry_out
from derive.proving.comparing import Comparison
from derive.proving.giveup import Stuck
from derive.proving.normal.normaliser import Normaliser
from derive.proving.normal.powers import Regrain
from derive.proving.proof import Line

NUMBERS = (S.One, S.NegativeOne, S(2), Rational(1, 2), S(-2), Rational(-1, 2))
SIDES = ("left", "right", "transposed")
MOST_FACTORS = 12


def multiplied(premise: Basic, conclusion: Basic, setting: Setting, bindings: Mapping[str, Basic]) -> Comparison:
    """Whether the difference of the sides of the conclusion is that of the premise times a matrix (`factor`, from the
    `side`, or from the left of the transposed premise) and a `number`."""
    given, asked = _difference(premise, setting), _difference(conclusion, setting)
    factor, side, number = bindings.get("factor"), bindings.get("side"), bindings.get("number")
    if given is None or asked is None or not isinstance(factor, MatrixTerm) or number not in NUMBERS:
        return Comparison(False)
    term: Expr = Transposed(given) if side == Str("transposed") else given
    product = (term, factor) if side == Str("right") else (factor, term)
    normaliser = Normaliser(setting)
    rest = MatrixSum(asked, MatrixProduct(-number, *product))
    if not normaliser.matrices.words.inverses.vanishes(rest):
        return Comparison(False)
    return Comparison(True, tuple(normaliser.used), tuple(normaliser.assumptions))


def multiples(question: Question) -> Iterator[tuple[Line, ...]]:
    """Proposals for an equation between matrices after another one."""
    given, asked = _difference(question.left, question.setting), _difference(question.right, question.setting)
    if given is None or asked is None:
        return
    for factor in _factors(given, asked):
        for side in SIDES:
            for number in NUMBERS:
                bindings = (("factor", factor), ("side", Str(side)), ("number", number))
                try:
                    found = multiplied(question.left, question.right, question.setting, dict(bindings))
                except (Stuck, Regrain):
                    continue
                if found.equal:
                    yield (Line("multiplied", "both", question.left, question.right, (), bindings),)


def _factors(given: Expr, asked: Expr) -> list[Expr]:
    """The matrices to multiply by: the inverses in the conclusion, and what is inverted in the equation before."""
    found: dict[Expr, None] = {Identity(): None}
    for part in subterms(asked):
        if isinstance(part, MatrixPower) and part.args[1].is_negative:
            found.setdefault(part)
    for part in subterms(given):
        if isinstance(part, MatrixPower) and part.args[1] == -1:
            found.setdefault(part.args[0])
    found.update({Transposed(part): None for part in list(found) if not isinstance(part, Identity)})
    return list(found)[:MOST_FACTORS]


def _difference(statement: Basic, setting: Setting) -> Expr | None:
    """The difference of the sides of an equation between matrices, derivatives carried out; None for anything else."""
    if not isinstance(statement, Eq) or not all(isinstance(side, AnyEntry) for side in statement.args):
        return None
    sides = []
    for side in statement.args:
        matrix = side.args[0]
        try:
            carried = carry_out(matrix, setting)
        except Stuck:
            return None
        if carried.vanishes:
            return None
        sides.append(carried.value if isinstance(carried.value, MatrixTerm) else Zero())
    return MatrixSum(sides[0], MatrixProduct(S.NegativeOne, sides[1]))
