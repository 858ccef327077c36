"""The tree of a formula: what is written, before anybody says what it means.

Every node carries the span of the source it came from. Nothing here is decided that a reader would
have to know the document for: `h(x)` stays a juxtaposition of a name and a fenced group, `y^{i}` a
script, `\\frac{\\partial L}{\\partial z_j}` a fraction, `Loss` a word.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.source import Span


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of a formula."""

    span: Span


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A numeral as written: `12`, `0.5`. A percent sign is part of the text: `5%`."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """One identifier: a letter `x`, a command `theta` (no backslash), a styled run `\\mathrm{KL}` or
    `\\operatorname{Var}` (letters `KL`, style `mathrm` / `operatorname`), a symbol such as `infty`, `nabla`,
    `partial`, `ell`. `accents` are command names from the inside out: `\\hat{\\mathbf{x}}` is letters
    `x`, style `mathbf`, accents `("hat",)`."""

    letters: str
    style: str = ""
    accents: tuple[str, ...] = ()
    command: bool = False


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A run of two or more bare letters without a space between them: `Loss`, `xy`, `softmax`. Whether it is
    one identifier or a product of letters is a reading. A script after the run hangs on the whole Word node; a
    reader that takes the word apart gives it to the last letter."""

    letters: tuple[Name, ...]

    @property
    def text(self) -> str:
        return "".join(name.letters for name in self.letters)


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Prose inside a formula: `\\text{for }`, `\\mbox{…}`. `text` is what it says; `names` is True where
    it stands as an identifier or part of one (in a subscript, or attached to a script or a parenthesis)."""

    text: str
    names: bool = False


@dataclass(frozen=True, slots=True)
class Script(Node):
    """A base with a subscript, a superscript (each any node, or None) and a number of primes.
    The base is None for a bare script (`{}^T`)."""

    base: Node | None
    sub: Node | None
    sup: Node | None
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Fraction(Node):
    """`\\frac{a}{b}` and its sizes, `{a \\over b}`. A slash is not a fraction but an operator of a Product."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True, slots=True)
class Binomial(Node):
    """`\\binom{n}{k}`, `{n \\choose k}`."""

    upper: Node
    lower: Node


@dataclass(frozen=True, slots=True)
class Root(Node):
    """`\\sqrt{x}`, `\\sqrt[3]{x}`; `degree` is None for a square root."""

    radicand: Node
    degree: Node | None


@dataclass(frozen=True, slots=True)
class Fenced(Node):
    """A group in delimiters. `left` and `right` are canonical: `( ) [ ] { } | || < > floor ceil .`
    (`\\lvert` is `|`, `\\|` is `||`, `\\langle` is `<`, an empty `\\left.` is `.`). Braces of LaTeX that
    only group leave no node. `body` is any node: a List where commas, semicolons or bars separate."""

    left: str
    right: str
    body: Node


@dataclass(frozen=True, slots=True)
class List(Node):
    """Items between separators: `i,j`, `x; \\theta`, `x \\mid z`. `separators[k]` (one of `, ; | || :`, or
    nothing beside prose) stands between items k and k+1; an item may be Empty."""

    items: tuple[Node, ...]
    separators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Empty(Node):
    """Nothing where something could stand: `{}`, the item after a trailing comma, a missing operand."""


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Factors with what stands between them: `operators[k]` joins factors k and k+1 and is one of
    `""` (juxtaposition), `\\cdot`, `\\times`, `/`, `\\odot`, `\\otimes`, `*`, `\\circ`, `\\div`, `\\cap`, …
    (the command as written, backslash included)."""

    factors: tuple[Node, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Terms with their signs: `signs[k]` stands before term k and is `+`, `-`, `\\pm`, `\\mp`, `\\oplus`, …;
    the first may be `""`. A single term with a leading minus is a Sum of one term."""

    terms: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BigOperator(Node):
    """An operator with limits and a body: `sum`, `prod`, `int`, `iint`, `iiint`, `oint`, `lim`, `max`, `min`,
    `sup`, `inf`, `argmax`, `argmin`, `bigcup`, `bigcap` (no backslash).

    For sums, products and the like the body is the Product that follows, up to the next `+`, `-`, or relation
    of the same depth. For integrals the body reaches to the differential and includes it, as the last factors
    of the Product, or (where a sum stands before the differential) is a Product of that Sum and the differential;
    an integral without a differential takes the Product that follows."""

    operator: str
    sub: Node | None
    sup: Node | None
    body: Node


@dataclass(frozen=True, slots=True)
class Function(Node):
    """A named function with its argument: `\\sin x`, `\\log_2 n`, `\\sin^2 x`, `exp(x)`, `\\ln a_i`, `\\exp\\{…\\}`.
    `name` is without backslash and lower case as in the table of functions. Without parentheses the argument
    is the Product of the factors that follow up to the next named function, `+`, `-`, `\\cdot`, `\\times`, `/`
    or closing: `\\sin 2x \\cos x` is sin(2x) cos(x); with parentheses it is the Fenced group (kept). `sub` and
    `sup` are scripts on the name (`\\log_2`, `\\sin^{-1}`)."""

    name: str
    sub: Node | None
    sup: Node | None
    argument: Node


@dataclass(frozen=True, slots=True)
class Postfix(Node):
    """`n!`, `n!!`: operator `!`, `!!`."""

    operand: Node
    operator: str


@dataclass(frozen=True, slots=True)
class Ellipsis(Node):
    """`\\ldots`, `\\cdots`, `\\dots`, `...`, `\\vdots`, `\\ddots`; `vert` is a bar alone in a cell."""

    command: str


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    """`\\begin{bmatrix}…`: rows of cells; `fence` as in Fenced (`[`, `(`, `|`, `||`, `{` or `.`)."""

    rows: tuple[tuple[Node, ...], ...]
    fence: str


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """`\\begin{cases} value & condition \\\\ …`: the condition is any node (a Chain, a Text, a List of both)."""

    rows: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Annotated(Node):
    """A body with something written at it that does not change it: `\\underbrace{body}_{note}`, `\\overset`
    over a non-relation, `\\boxed`, `\\cancel` (`kind` is the command's name)."""

    kind: str
    body: Node
    note: Node | None


@dataclass(frozen=True, slots=True)
class At(Node):
    """Evaluation at a place: `\\left. f \\right|_{x=0}`, `f \\big|_{x=0}`, `[F]_a^b` stays a Script."""

    body: Node
    sub: Node | None
    sup: Node | None


@dataclass(frozen=True, slots=True)
class Sign(Node):
    """A relation sign. `sign` is canonical: `=`, `≠`, `<`, `≤`, `>`, `≥`, `≈`, `≡`, `∝`, `∼`, `:=` (also for
    `\\triangleq`, `\\coloneqq`, `\\overset{\\text{def}}{=}`, `\\doteq`), `=:` (the right side is defined), `∈`, `∉`,
    `⊂`, `⊆`, `→`, `⇒`, `⇔`, `↦`, `≪`, `≫`, `⪯`, `⪰`, `⊥`, `:` (of `f: X \\to Y`), or the command as written. `label` is
    what stands over or under it (`\\overset{(a)}{=}`, `=_{d}`; a List of both for things over and under)."""

    sign: str
    label: Node | None = None


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Operands with relation signs between them: operands[0] signs[0] operands[1] … . A chain of one operand
    and no sign is a formula that states nothing. The first operand is Empty where the line begins with a sign
    and there was nothing before to go on from; the last is Empty where it ends with one."""

    operands: tuple[Node, ...]
    signs: tuple[Sign, ...]

    def __post_init__(self) -> None:
        if len(self.operands) != len(self.signs) + 1:
            raise ValueError("a chain has one operand more than signs")


@dataclass(frozen=True, slots=True)
class Unread(Node):
    """Characters that were not understood, with the reason in words. A chain that holds one is unread."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark(Node):
    """Prose, a condition, a tag or a label beside the chains of a formula: `\\text{for } i \\neq j`, `\\tag{3}`,
    `\\label{eq:a}`, `\\quad \\forall i`. `parts` are Text, Chain and other nodes in order; `kind` is `text`,
    `tag` or `label`."""

    kind: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Passage(Node):
    """One displayed or inline formula, read: its chains and remarks in order, joined over line breaks.

    A line that begins with a relation sign goes on with the chain before it; a line that begins with an operator,
    or follows one that ended with an operator or a relation, goes on with the last operand; anything else begins a
    new chain. `rows[k]` is the row (counted from 0) of the formula in which item k begins."""

    items: tuple[Chain | Remark, ...]
    rows: tuple[int, ...]
