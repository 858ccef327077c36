"""The usual laws by name: densities, what values they are of, and moments; and where a document says that a variable
follows one, `X \\sim \\mathrm{Exp}(\\lambda)`.

Parameters as in Casella and Berger, Statistical Inference, appendix; the exponential and the Gamma law by their rate,
the normal law by its variance."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sympy import Integer, Pow, S, Symbol, binomial, exp, factorial, gamma, pi, sqrt
from sympy.core.expr import Expr

from derive.meaning.chances import slot_key
from derive.meaning.laws import Law
from derive.meaning.outline import Outline, Parsed
from derive.meaning.trouble import Trouble
from derive.notation.tree import Chain, Ellipsis, Fenced, List, Name, Node, Product, Script, Text, Word

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

MOST_MOMENT = 4
Kind = Literal["real", "integer", "natural", "positive", "nonnegative", "complex"]
Formula = Callable[..., Expr]


@dataclass(frozen=True)
class Distribution:
    """A law: `density(value, *parameters)`, the ends of its values, and `moments[k](*parameters)`, the mean of the
    k-th power. `kinds` are those of its parameters."""

    name: str
    discrete: bool
    density: Formula
    lower: Formula
    upper: Formula
    moments: tuple[Formula, ...]
    kinds: tuple[Kind, ...]


def _rising(start: Expr, number: int) -> Expr:
    value: Expr = S.One
    for k in range(number):
        value = value * (start + k)
    return value


def _normal_moments() -> tuple[Formula, ...]:
    return (
        lambda m, v: m,
        lambda m, v: m**2 + v,
        lambda m, v: m**3 + 3 * m * v,
        lambda m, v: m**4 + 6 * m**2 * v + 3 * v**2,
    )


def _all(make: Callable[[int], Formula], most: int = MOST_MOMENT) -> tuple[Formula, ...]:
    return tuple(make(k) for k in range(1, most + 1))


NORMAL = Distribution(
    "normal", False, lambda x, m, v: exp(-((x - m) ** 2) / (2 * v)) / sqrt(2 * pi * v),
    lambda m, v: S.NegativeInfinity, lambda m, v: S.Infinity, _normal_moments(), ("real", "positive"),
)  # fmt: skip
EXPONENTIAL = Distribution(
    "exponential", False, lambda x, r: r * exp(-r * x), lambda r: S.Zero, lambda r: S.Infinity,
    _all(lambda k: lambda r: factorial(Integer(k)) / r**k), ("positive",),
)  # fmt: skip
UNIFORM = Distribution(
    "continuous uniform", False, lambda x, a, b: 1 / (b - a), lambda a, b: a, lambda a, b: b,
    _all(lambda k: lambda a, b: (b ** (k + 1) - a ** (k + 1)) / ((k + 1) * (b - a))), ("real", "real"),
)  # fmt: skip
GAMMA = Distribution(
    "Gamma", False, lambda x, a, b: b**a / gamma(a) * x ** (a - 1) * exp(-b * x), lambda a, b: S.Zero,
    lambda a, b: S.Infinity, _all(lambda k: lambda a, b: _rising(a, k) / b**k), ("positive", "positive"),
)  # fmt: skip
BETA = Distribution(
    "Beta", False, lambda x, a, b: gamma(a + b) / (gamma(a) * gamma(b)) * x ** (a - 1) * (1 - x) ** (b - 1),
    lambda a, b: S.Zero, lambda a, b: S.One,
    _all(lambda k: lambda a, b: _rising(a, k) / _rising(a + b, k)), ("positive", "positive"),
)  # fmt: skip
BERNOULLI = Distribution(
    "Bernoulli", True, lambda x, p: p**x * (1 - p) ** (1 - x), lambda p: S.Zero, lambda p: S.One,
    _all(lambda k: lambda p: p), ("real",),
)  # fmt: skip
BINOMIAL = Distribution(
    "binomial", True, lambda x, n, p: binomial(n, x) * p**x * (1 - p) ** (n - x), lambda n, p: S.Zero, lambda n, p: n,
    (lambda n, p: n * p, lambda n, p: n * p * (1 - p) + n**2 * p**2), ("natural", "real"),
)  # fmt: skip
POISSON = Distribution(
    "Poisson", True, lambda x, r: r**x * exp(-r) / factorial(x), lambda r: S.Zero, lambda r: S.Infinity,
    (lambda r: r, lambda r: r + r**2, lambda r: r + 3 * r**2 + r**3), ("positive",),
)  # fmt: skip

NAMES: dict[str, Distribution] = {
    "exp": EXPONENTIAL, "expon": EXPONENTIAL, "exponential": EXPONENTIAL, "n": NORMAL, "normal": NORMAL,
    "gaussian": NORMAL, "norm": NORMAL, "u": UNIFORM, "unif": UNIFORM, "uniform": UNIFORM, "gam": GAMMA,
    "gamma": GAMMA, "bet": BETA, "beta": BETA, "bern": BERNOULLI, "bernoulli": BERNOULLI, "ber": BERNOULLI,
    "bin": BINOMIAL, "binomial": BINOMIAL, "binom": BINOMIAL, "poiss": POISSON, "pois": POISSON, "poisson": POISSON,
}  # fmt: skip
BY_NAME = {f"the {law.name} law": law for law in NAMES.values()}
_DISCRETE_UNIFORM = re.compile(r"discrete uniform|离散均匀", re.IGNORECASE)


@dataclass(frozen=True)
class Drawn:
    """A variable that follows a law: its name, whether all members of a family do, and the law with its parameters."""

    variable: str
    family: bool
    law: Distribution
    parameters: tuple[Expr, ...]

    def density(self, value: Expr) -> Expr:
        return self.law.density(value, *self.parameters)

    @property
    def ends(self) -> tuple[Expr, Expr]:
        """The smallest and the largest value."""
        return self.law.lower(*self.parameters), self.law.upper(*self.parameters)

    def moment(self, power: int) -> Expr | None:
        """The mean of a power; None where it is not in the table."""
        if not 1 <= power <= len(self.law.moments):
            return None
        return self.law.moments[power - 1](*self.parameters)


def drawn_at(outline: Outline, reader: Reader, position: int) -> tuple[Drawn, ...]:
    """The laws of variables in force at a place: of each variable the last one that is stated before it in its section;
    in an earlier section, if it is the only one that is stated."""
    start, end = next(((a, b) for a, b in outline.chapters() if a <= position < b), (0, len(outline.parts)))
    stated: dict[str, list[tuple[int, Drawn]]] = {}
    for part in outline.parts[start:end]:
        if not isinstance(part, Parsed) or part.position > position:
            continue
        for chain in part.chains():
            if [sign.sign for sign in chain.signs] == ["∼"]:
                for drawn in _drawn(outline, reader, chain):
                    stated.setdefault(drawn.variable, []).append((part.position, drawn))
    found = []
    for every in stated.values():
        place, last = every[-1]
        if all(drawn == last for _, drawn in every) or outline.section_of(place) == outline.section_of(position):
            found.append(last)
    return tuple(found)


def _drawn(outline: Outline, reader: Reader, chain: Chain) -> list[Drawn]:
    left, right = chain.operands
    law = law_named(outline, right)
    if law is None:
        return []
    distribution, arguments = law
    try:
        parameters = tuple(reader.read(argument) for argument in arguments)
    except Trouble:
        return []
    if not _is_usual(distribution, parameters):
        return []
    items = left.items if isinstance(left, List) else (left,)
    found = []
    for item in items:
        key = slot_key(item)
        if key is not None and not isinstance(item, Ellipsis) and isinstance(item, Name | Script):
            name = reader.conventions.chances.variable(key)
            family = isinstance(item, Script) and item.sub is not None
            if not (family and _varies_with_index(item, parameters)):
                found.append(Drawn(name, family, distribution, parameters))
    return found


def _varies_with_index(item: Node, parameters: tuple[Expr, ...]) -> bool:
    """Whether the parameters of a member's law have its index."""
    index = item.sub if isinstance(item, Script) else None
    letter = index.letters if isinstance(index, Name) else ""
    return any(Symbol(letter) in parameter.free_symbols for parameter in parameters) if letter else False


def law_named(outline: Outline | None, node: Node) -> tuple[Distribution, tuple[Node, ...]] | None:
    """A law written by its name with its parameters, `\\mathrm{Exp}(\\lambda)`; None for others."""
    if not isinstance(node, Product) or len(node.factors) != 2 or not isinstance(node.factors[1], Fenced):
        return None
    head, group = node.factors
    letters = head.text if isinstance(head, Word | Text) else head.letters if isinstance(head, Name) else ""
    if (isinstance(head, Name) and len(letters) == 1 and head.style not in ("mathcal", "mathrm", "")) or not letters:
        return None
    law = NAMES.get(letters.strip().lower())
    if law is None or not isinstance(group, Fenced) or group.left not in "([":
        return None
    if (
        law is UNIFORM
        and outline is not None
        and _DISCRETE_UNIFORM.search(outline.prose_between(0, len(outline.parts)))
    ):
        return None
    items = group.body.items if isinstance(group.body, List) else (group.body,)
    return (law, items) if len(items) == len(law.kinds) else None


def _is_usual(law: Distribution, parameters: tuple[Expr, ...]) -> bool:
    """Whether parameters are what the table takes them for: the second one of a normal law is a variance where it is a
    square, a number, or an inverse, and may be a standard deviation or a matrix otherwise."""
    if any(not isinstance(parameter, Expr) or not parameter.is_commutative for parameter in parameters):
        return False
    if law is NORMAL:
        variance = parameters[1]
        squared = isinstance(variance, Pow) and (variance.exp == 2 or variance.exp.could_extract_minus_sign())
        products = variance.is_Mul and any(isinstance(f, Pow) and f.exp == 2 for f in variance.args)
        return bool(variance.is_number or squared or products)
    return True


def kinds_of(drawn: tuple[Drawn, ...]) -> dict[str, Kind]:
    """The kinds that laws ask of the names of their parameters: a variance that is a square has a positive root."""
    found: dict[str, Kind] = {}
    for one in drawn:
        for parameter, kind in zip(one.parameters, one.law.kinds, strict=True):
            base = parameter.base if isinstance(parameter, Pow) and parameter.exp == 2 else parameter
            if isinstance(base, Symbol) and kind != "real":
                found[base.name] = kind
    return found


def named(law: Law) -> Drawn | None:
    """What follows a law that is written out by its name, `\\mathrm{Gam}(x; a, b)`; None for any other law."""
    found = BY_NAME.get(law.name)
    return None if found is None else Drawn("", False, found, law.parameters)


def written_out(reader: Reader, head: Node, group: Fenced) -> tuple[Law, Node] | None:
    """The law and the value of a density that is written out, `\\mathcal{N}(x \\mid \\mu, \\sigma^2)`; None for
    anything else."""
    letters = head.text if isinstance(head, Word | Text) else head.letters if isinstance(head, Name) else ""
    upright = isinstance(head, Name) and head.style in ("mathcal", "mathrm", "operatorname", "text", "textrm")
    law = NAMES.get(letters.strip().lower())
    body = group.body
    if law is None or not (upright or isinstance(head, Text)) or not isinstance(body, List):
        return None
    if len(body.items) != 1 + len(law.kinds) or body.separators[0] not in (";", "|") or group.left != "(":
        return None
    if law is UNIFORM:
        return None
    try:
        parameters = tuple(reader.read(item) for item in body.items[1:])
    except Trouble:
        return None
    return (Law(f"the {law.name} law", *parameters), body.items[0]) if _is_usual(law, parameters) else None
