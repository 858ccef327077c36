"""What a document shows of its random variables and laws: the evidence by which probability notation is read.

Nothing is computed here. A name that may be random is taken to be random: a constant is a random variable too, so that
what is proved of random variables holds of it; nothing is refuted where it is not sure which of the two a name is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from derive.meaning.names import UPRIGHT, key_of, key_of_base, split_subscript
from derive.notation.tree import (
    Annotated,
    BigOperator,
    Chain,
    Empty,
    Fenced,
    Function,
    List,
    Name,
    Node,
    Number,
    Passage,
    Product,
    Script,
    Sum,
    Word,
)
from derive.notation.walk import walk

SPEAKS = re.compile(
    r"\b(probabilit\w+|distribut\w+|densit\w+|events?|information|likelihoods?|posteriors?|priors?|random variables?|"
    r"expect(ed|ation)\w*|entropy|divergence|bayes\w*|variance|covariance|marginal\w*|i\.?i\.?d|pmf|pdf|sampl\w+|"
    r"gaussian|bernoulli|stochastic|mean)\b|概率|分布|密度|似然|先验|后验|期望|方差|随机|熵|散度|贝叶斯",
    re.IGNORECASE,
)
# words that say something of random variables which the models of the refuter do not all satisfy
RESERVED = re.compile(
    r"\b(uncorrelated|markov\w*|orthogonal|zero[- ]mean|graph(ical)?|factor\w*|martingale|"
    r"identically|symmetr\w+|exchangeab\w+|unbiased|noise|normali[sz]ed|centered|standardi[sz]ed|uniform\w*|gaussian|normal(ly)?|"
    r"bernoulli|binomial|poisson|geometric|exponential(ly)?|gamma|beta|dirichlet|categorical|multinomial|dice?|coins?|"
    r"discrete|continuous|mixture|policy|stationary|chain)\b|不相关|马尔|零均值|噪声|无偏",
    re.IGNORECASE,
)
INDEPENDENCE = re.compile(r"independen|\bi\.?\s?i\.?\s?d\b|独立", re.IGNORECASE)
_RANDOM_BEFORE = re.compile(
    r"random (variables?|vectors?|numbers?)(?![^$]*\$)[^.;$]{0,20}$|随机(变量|向量)[^。；$]{0,6}$", re.I
)
_RANDOM_AFTER = re.compile(
    r"^\s*(is|are|be|being|denotes?|and[^.]{0,20}(are|be)|是|为)\s[^.;。]{0,30}?random|^\s*(是|为)?[^。，]{0,8}随机"
)

# the operators of probability, by the letters of their name
OPERATORS: dict[str, str] = {
    "E": "mean", "Ex": "mean", "Var": "variance", "var": "variance", "V": "variance", "Cov": "covariance",
    "cov": "covariance", "Corr": "correlation", "corr": "correlation", "H": "entropy", "KL": "divergence",
    "I": "information", "MI": "information", "std": "deviation", "SD": "deviation",
}  # fmt: skip
_ALWAYS = frozenset({"Var", "var", "Cov", "cov", "Corr", "corr", "KL", "Ex", "MI"})
_LETTERS = frozenset({"E", "V", "H", "I"})
_FULL = frozenset({"mathbb", "mathrm", "operatorname", "text", "textrm", "mathsf", "rm", "mathbf", "textbf", "mathit"})

COMMON_NAMES = frozenset({"Pr", "P", "p", "Prob", "prob"})
LAW_LETTERS = frozenset({"p", "q", "P", "Q", "r", "\\pi", "\\rho", "f", "g", "h", "b", "T", "\\mu", "\\nu", "\\varphi"})
_ACCENTED = frozenset({"hat", "tilde", "widehat", "widetilde", "bar", "check"})


@dataclass(frozen=True)
class Chances:
    """`speaks`: the document speaks of probability. `random` holds the keys of names that are, or may be, random;
    `sure` those of which that is certain. `values` are names of plain slots of densities, by the letter of the law;
    `pairs` the sets of names that stand in one density. `separate`: `p` and `P` are two laws."""

    speaks: bool = False
    random: frozenset[str] = frozenset()
    sure: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()
    left: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pairs: frozenset[frozenset[str]] = frozenset()
    families: frozenset[str] = frozenset()  # names that stand with indices in densities
    conditioned: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()  # names in densities with a bar
    related: bool = False
    separate: bool = False
    reserved: bool = False
    independences: int = 0  # how often the text speaks of independence

    def variable(self, key: str) -> str:
        """The name of the variable that a key speaks of: `X` and `x` are one, unless both stand in one density, or
        `X` is all of a family `x_i`; a marked value `x'` is one of x, unless both stand in one density."""
        base = _unmarked(key)
        if base != key and not any({key, base} <= pair for pair in self.pairs):
            return self.variable(base) if base in self.slots or base.lower() in self.slots else key
        plain = _LETTER.fullmatch(key)
        if plain is not None and key.isupper():
            together = any({key, key.lower()} <= pair for pair in self.pairs)
            return key if together or (key in self.slots and key.lower() in self.families) else key.lower()
        return key

    def is_parameter(self, variable: str) -> bool:
        """Whether a name is that of a parameter: a Greek letter that stands behind bars alone, and nothing says that it
        is random."""
        if not variable.startswith("\\") or "{" in variable:
            return False
        taken = {self.variable(key) for keys in self.left.values() for key in keys}
        return variable not in taken and variable not in {self.variable(key) for key in self.random}


NONE = Chances()
_LETTER = re.compile(r"[A-Za-z]")
_MARK = re.compile(r"\\(?:tilde|widetilde|hat)\{(.+)\}")


def _unmarked(key: str) -> str:
    match = _MARK.fullmatch(key)
    return match[1] if match is not None and match[0].startswith(("\\tilde", "\\widetilde")) else key.rstrip("'")


def operator_of(node: Node) -> str | None:
    """What operator of probability a name is by its letters and style (`mean`, `variance`, …); None for others. The
    single letters count in full style, `\\mathbb{E}`, and E in plain style too."""
    base = node.base if isinstance(node, Script) else node
    if isinstance(node, Script) and (node.primes or base is None):
        return None
    if isinstance(base, Word):
        return OPERATORS.get(base.text) if base.text in _ALWAYS else None
    if not isinstance(base, Name) or base.accents or base.command:
        key = base.text.strip() if base is not None and hasattr(base, "text") else ""
        return OPERATORS.get(key) if key in _ALWAYS or key == "E" else None
    if base.letters == "D" and isinstance(node, Script) and node.sub is not None:
        label = node.sub
        letters = label.text if isinstance(label, Word) else getattr(label, "letters", "")
        return "divergence" if letters == "KL" or getattr(label, "text", "") == "KL" else None
    kind = OPERATORS.get(base.letters)
    if kind is None:
        return None
    if base.letters in _LETTERS:
        if base.style in _FULL and (base.letters != "I" or base.style in ("mathrm", "operatorname", "text", "textrm")):
            return kind if base.letters != "V" or base.style in ("mathbb", "mathrm", "operatorname") else None
        return kind if base.letters == "E" and base.style == "" else None
    return kind


def law_letter(node: Node | None) -> str | None:
    """The letter of a law, without its style: `p` of `\\mathrm{p}`, `Pr` of `\\Pr`, `\\hat{p}`; None for what is no
    name of a law."""
    if not isinstance(node, Name):
        return None
    if node.letters in COMMON_NAMES | {"Q"} and node.style in UPRIGHT | {"", "mathbb"} and not node.command:
        letters = "P" if node.letters in ("Pr", "Prob", "prob") or node.style == "mathbb" else node.letters
    elif key_of(Name(node.span, node.letters, node.style, (), node.command)) in LAW_LETTERS:
        letters = key_of(Name(node.span, node.letters, node.style, (), node.command))
    else:
        return None
    if any(accent not in _ACCENTED for accent in node.accents):
        return None
    for accent in node.accents:
        letters = f"\\{accent}{{{letters}}}"
    return letters


def called(node: Product) -> Iterator[tuple[Node, Fenced]]:
    """The names in a product with the groups directly behind them."""
    for k, factor in enumerate(node.factors[:-1]):
        group = node.factors[k + 1]
        if node.operators[k] == "" and isinstance(group, Fenced) and isinstance(factor, Name | Script | Word):
            yield factor, group


def items_of(group: Fenced) -> tuple[tuple[Node, ...], tuple[Node, ...], bool]:
    """The items before the bar in a group, those behind it (or behind a semicolon), and whether there is a bar."""
    body = group.body
    if isinstance(body, Chain) and len(body.operands) == 1:
        body = body.operands[0]
    if not isinstance(body, List):
        return (body,), (), False
    for k, separator in enumerate(body.separators):
        if separator in ("|", ";"):
            return body.items[: k + 1], body.items[k + 1 :], separator == "|"
    return body.items, (), False


def slot_key(item: Node) -> str | None:
    """The key of the name in a plain slot, with its indices left out; None for what is no name."""
    if isinstance(item, Chain) and len(item.signs) == 1:
        item = item.operands[0]
    if isinstance(item, Script):
        key = key_of_base(item.base)
        if key is None or item.sup is not None:
            return None
        label = split_subscript(item.sub).label
        return key + (f"_{{{label}}}" if label else "") + "'" * item.primes
    return key_of_base(item) if isinstance(item, Name | Word) else None


def chances_in(passages: Iterable[Node], prose: str, random_names: Iterable[str] = ()) -> Chances:
    """The evidence of some formulas and of the prose around them."""
    declared = set(random_names)
    possible: set[str] = set()
    slots: set[str] = set()
    left: dict[str, set[str]] = {}
    pairs: set[frozenset[str]] = set()
    conditioned: set[str] = set()
    spelled: dict[str, set[str]] = {}
    speaks = SPEAKS.search(prose) is not None
    bounds: set[str] = set()
    related = False
    loose: set[str] = set()
    families: set[str] = set()
    behind: set[str] = set()
    based = False  # something says what a law is, or how an entropy is measured
    links: list[tuple[Node, Node]] = []
    for passage in passages:
        stated = passage.items if isinstance(passage, Passage) else ()
        for node in walk(passage):
            if isinstance(node, Chain):
                for k, (one, sign) in enumerate(zip(node.operands, node.signs, strict=False)):
                    if sign.sign in ("=", ":=", "≡"):
                        links.append((one, node.operands[k + 1]))
                    if sign.sign == "∼":
                        based = based or any(node is item for item in stated)
                        speaks = True
                        items = one.items if isinstance(one, List) else (one,)
                        declared |= {key for item in items if (key := slot_key(item)) is not None}
            elif isinstance(node, BigOperator) and node.sup is not None:
                bounds |= {key_of(part) for part in walk(node.sup) if isinstance(part, Name)}
            elif isinstance(node, Function) and node.name == "log" and node.sub is not None:
                based = True  # an entropy is then to another base
            groups: list[tuple[Node, Fenced]] = []
            if isinstance(node, Product):
                groups = list(called(node))
            elif isinstance(node, Function) and node.name == "Pr" and isinstance(node.argument, Fenced):
                groups = [(Name(node.span, "Pr"), node.argument)]
            for name, group in groups:
                kind = operator_of(name)
                before, given, bar = items_of(group)
                relation = any(isinstance(item, Chain) and item.signs for item in (*before, *given))
                if kind is not None:
                    speaks = speaks or kind != "mean" or group.left == "[" or bar
                    for item in (*before, *given):
                        possible |= set(_whole_argument(item))
                        loose |= set(_varying(item))
                    continue
                base = name.base if isinstance(name, Script) else name
                letter = law_letter(base)
                if letter is None:
                    continue
                if bar:
                    conditioned.add(letter)
                    behind |= {key for item in (*before, *given) if (key := slot_key(item)) is not None}
                    speaks = True
                if relation and letter in ("p", "P", "Q", "q"):
                    speaks = related = True
                    for item in (*before, *given):
                        if isinstance(item, Chain) and item.signs:
                            capitals = (n for n in walk(item) if isinstance(n, Name) and n.letters.isupper())
                            declared |= {key_of(capital) for capital in capitals}
                keys = [key for item in before if (key := slot_key(item)) is not None]
                others = [key for item in given if (key := slot_key(item)) is not None]
                families |= {
                    key
                    for item in (*before, *given)
                    if isinstance(item, Script) and item.sub is not None and (key := slot_key(item)) is not None
                }
                if not relation:
                    slots |= {*keys, *others}
                    spelled.setdefault(letter, set()).update(keys)
                left.setdefault(letter, set()).update(keys)
                pairs.add(frozenset((*keys, *others)))
    based = based or any(_says_law(one, other) for one, other in links)
    common = spelled.get("p", set()) & spelled.get("P", set())
    named = declared | possible
    loose = {key for key in loose if key.upper() not in named}
    random = declared | {key for key in named | loose if key not in bounds}
    sure = declared | {key for key in possible if key in _CAPITALS}
    return Chances(
        speaks,
        frozenset(random),
        frozenset(declared | (sure - bounds)),
        frozenset(slots),
        {letter: tuple(sorted(keys)) for letter, keys in left.items()},
        frozenset(pairs),
        frozenset(families),
        frozenset(conditioned),
        frozenset(behind),
        related,
        bool(common),
        based or RESERVED.search(prose) is not None,
        len(INDEPENDENCE.findall(prose)),
    )


def _says_law(one: Node, other: Node) -> bool:
    """Whether an equation says of random variables what is not so of all: one side only speaks of laws or means, and
    the other is neither a name for it nor one."""
    speaking = [speaks_of_law(side) for side in (one, other)]
    if speaking[0] == speaking[1]:
        return False
    silent = other if speaking[0] else one
    named = isinstance(silent, Name) or (isinstance(silent, Script) and silent.sup is None)
    return not named and not (isinstance(silent, Number) and silent.text == "1") and not isinstance(silent, Empty)


def speaks_of_law(side: Node) -> bool:
    """Whether an operator of probability or a law stands in a formula."""
    for node in walk(side):
        if isinstance(node, Function) and node.name == "Pr":
            return True
        if isinstance(node, Name | Script | Word) and operator_of(node) is not None:
            return True
        if isinstance(node, Product):
            for name, _ in called(node):
                if law_letter(name.base if isinstance(name, Script) else name) is not None:
                    return True
    return False


def _whole_argument(item: Node) -> Iterator[str]:
    """The names that are a whole argument of an operator, or the base of a power that is one, or a capital letter
    anywhere in it."""
    if isinstance(item, Chain) and item.operands:
        item = item.operands[0]
    inner = item
    while isinstance(inner, Fenced | Annotated):
        inner = inner.body
    if isinstance(inner, Script) and isinstance(inner.sup, Number):
        inner = (
            inner.base
            if inner.sub is None and inner.base is not None
            else Script(inner.span, inner.base, inner.sub, None)
        )
    if isinstance(inner, Product) and len(inner.factors) == 2 and isinstance(inner.factors[1], Fenced):
        inner = inner.factors[0]
    if isinstance(inner, Sum) and len(inner.terms) == 1:
        inner = inner.terms[0]
    key = slot_key(inner)
    if key is not None:
        yield key
    for part in walk(item):
        if (
            isinstance(part, Name)
            and len(part.letters) == 1
            and part.letters.isupper()
            and part.style in ("", "mathit", "mathrm")
        ):
            yield key_of(part)


_CAPITALS = frozenset("XYZUVW")
_VARYING = frozenset("xyzuvw") | {"epsilon", "varepsilon", "xi", "eta", "zeta", "omega"}


def _varying(item: Node) -> Iterator[str]:
    """The small letters under an operator that may be random: none beside a capital one, where they are values."""
    names = [part for part in walk(item) if isinstance(part, Name)]
    if not any(len(name.letters) == 1 and name.letters in _CAPITALS for name in names):
        yield from (key_of(name) for name in names if _may_vary(name))


def _may_vary(node: Name) -> bool:
    """Whether a letter under an operator is one that random quantities have by custom, or an estimate."""
    if node.style not in ("", "mathit"):
        return False
    return node.letters in _VARYING or any(accent in ("hat", "widehat") for accent in node.accents)


def random_in_prose(before: str, after: str) -> bool:
    """Whether the words around a formula call it a random variable."""
    return _RANDOM_BEFORE.search(before[-60:]) is not None or _RANDOM_AFTER.search(after[:60]) is not None
