"""Which names are columns and which are matrices, as far as the document tells: `X \\in \\mathbb{R}^{n \\times d}`,
`x \\in \\mathbb{R}^n`, "the matrix A"; by custom capitals are matrices and small letters columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from derive.meaning import prose
from derive.meaning.heads import head_key
from derive.meaning.names import is_inverse, is_transpose, key_of_base, split_subscript
from derive.meaning.outline import Listed, Outline, Parsed
from derive.notation.tree import Chain, List, Node, Product, Script
from derive.notation.walk import walk

_FIELDS = frozenset({"\\mathbb{R}", "\\mathbf{R}", "\\mathbb{C}", "\\mathbf{C}", "R", "\\Re", "\\mathcal{R}"})
_ACCENT = re.compile(r"\\(?:hat|widehat|tilde|widetilde|bar|overline|check|breve|dot|ddot|mathring)\{(.+)\}")
_STYLE = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec|pmb|textbf|bf|mathrm|mathsf|mathit|underline|bold)\{(.+)\}")
_GREEK_CAPITALS = frozenset(
    ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"]
)
_ONES = re.compile(r"\\(?:mathbf|boldsymbol|bm|mathbb|vec|mathds)\{1\}")
_ZERO = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec|mathbb)\{0\}|O")
_IDENTITY = re.compile(r"\\(?:mathbf|boldsymbol|bm|mathbb|mathrm)\{I\}|I|\\mathbb\{1\}")


def forms_in(outline: Outline) -> dict[str, str]:
    """The forms (`column`, `matrix`) that the document declares, by name."""
    found: dict[str, str] = {}
    for parsed in outline.formulas():
        for chain in parsed.chains():
            found.update(_memberships(chain))
        for remark in parsed.remarks():
            for part in remark.parts:
                if isinstance(part, Chain):
                    found.update(_memberships(part))
        if not parsed.formula.display:
            form = _called(outline.listed(parsed.position))
            chains = list(parsed.chains())
            if form and len(chains) == 1 and not chains[0].signs:
                first = chains[0].operands[0]
                for item in first.items if isinstance(first, List) else (first,):
                    key = head_key(item)
                    if key is not None:
                        found.setdefault(key, form)
    found.update((key, "matrix") for key, _ in _described(outline))
    for key in _multiplied_as_columns(outline):
        found.setdefault(key, "column")
    return found


def _multiplied_as_columns(outline: Outline) -> set[str]:
    """Bold capitals that stand in scalar or vector products, `\\mathbf{E} \\cdot \\mathbf{B}`, and are nowhere
    transposed, inverted or multiplied side by side with another bold name: vectors, as physicists write them."""
    columns: set[str] = set()
    matrices: set[str] = set()
    for parsed in outline.formulas():
        for node in walk(parsed.passage):
            if isinstance(node, Product) and len(node.factors) > 1:
                factors = [(_bold_capital(factor), factor) for factor in node.factors]
                for operator, (one, _), (other, right) in zip(node.operators, factors, factors[1:], strict=False):
                    if operator in ("\\cdot", "\\times"):
                        columns |= {key for key in (one, other) if key}
                    elif operator == "" and one and (other or _is_bold(right)):
                        matrices.add(one)
            elif isinstance(node, Script) and (key := _bold_capital(node)) and node.sup is not None:
                if is_transpose(node.sup) or is_inverse(node.sup):
                    matrices.add(key)
    return columns - matrices


def _bold_capital(node: Node) -> str:
    """The key of a bold capital, perhaps with scripts; empty for anything else."""
    base = node.base if isinstance(node, Script) else node
    key = key_of_base(base) or ""
    return key if re.fullmatch(r"\\(mathbf|boldsymbol|bm|pmb|textbf|bf)\{[A-Z]\}", key) else ""


def _is_bold(node: Node) -> bool:
    base = node.base if isinstance(node, Script) else node
    return re.match(r"\\(mathbf|boldsymbol|bm|vec|pmb)\{", key_of_base(base) or "") is not None


def _memberships(chain: Chain) -> Iterator[tuple[str, str]]:
    if len(chain.signs) != 1 or chain.signs[0].sign not in ("∈", ":"):
        return
    left, right = chain.operands
    if not isinstance(right, Script) or key_of_base(right.base) not in _FIELDS or right.sup is None:
        return
    form = "matrix" if isinstance(right.sup, Product) and "\\times" in right.sup.operators else "column"
    for item in left.items if isinstance(left, List) else (left,):
        key = head_key(item)
        if key is not None:
            yield key, form


def _described(outline: Outline) -> Iterator[tuple[str, tuple[Node, ...]]]:
    """Names with the sizes that the prose gives them: `$X$ is an $n \\times d$ matrix`, `an $n \\times d$ matrix
    $X$`."""
    inline = [parsed for parsed in outline.formulas() if not parsed.formula.display]
    for k, parsed in enumerate(inline):
        chains = list(parsed.chains())
        if len(chains) != 1 or chains[0].signs:
            continue
        sizes = chains[0].operands[0]
        if not isinstance(sizes, Product) or set(sizes.operators) != {"\\times"} or len(sizes.factors) != 2:
            continue
        noun = prose.MATRIX_NOUN.match(outline.prose_between(parsed.position + 1, parsed.position + 3))
        if noun is None:
            continue
        subjects: list[Parsed] = []
        if k and prose.IS_A.search(outline.prose_before(parsed.position)) is not None:
            subjects.append(inline[k - 1])
        following = inline[k + 1] if k + 1 < len(inline) else None
        if (
            following is not None
            and outline.prose_between(parsed.position + 1, following.position).strip() == noun[0].strip()
        ):
            subjects.append(following)
        for subject in subjects:
            for chain in subject.chains():
                first = chain.operands[0]
                for item in first.items if isinstance(first, List) else (first,):
                    key = head_key(item)
                    if key is not None and not chain.signs:
                        yield key, sizes.factors


def members_in(outline: Outline) -> frozenset[str]:
    """The families of which the prose calls the members vectors or matrices: `vectors $x_i$`."""
    found: set[str] = set()
    for parsed in outline.formulas():
        if parsed.formula.display or not _called(outline.listed(parsed.position)):
            continue
        for chain in parsed.chains():
            first = chain.operands[0]
            for item in first.items if isinstance(first, List) else (first,):
                if isinstance(item, Script) and not chain.signs and split_subscript(item.sub).indices:
                    found.update(key for key in (head_key(item),) if key is not None)
    return frozenset(found)


def is_member(listed: Listed) -> bool:
    """Whether what stands before "vectors" is a member of a family, and no number of them."""
    operand = next((chain.operands[0] for chain in listed.members[0].chains()), None)
    return isinstance(operand, Script) and operand.sub is not None and operand.sup is None


def sizes_in(outline: Outline) -> dict[str, tuple[Node, ...]]:
    """The numbers of rows and columns that the document declares, `X \\in \\mathbb{R}^{n \\times d}`, as they are
    written."""
    found: dict[str, tuple[Node, ...]] = {}
    for parsed in outline.formulas():
        for chain in parsed.chains():
            for key, _ in _memberships(chain):
                sup = chain.operands[1].sup if isinstance(chain.operands[1], Script) else None
                if sup is not None:
                    found[key] = sup.factors if isinstance(sup, Product) and "\\times" in sup.operators else (sup,)
    found.update(_described(outline))
    return found


def _called(listed: Listed) -> str:
    """The form that the prose gives to a list of names; nothing where it gives none."""
    found = prose.ARRAY_BEFORE.search(listed.before)
    if found is not None:
        return "column" if found["vector"] else "matrix"
    if prose.VECTOR_AFTER.search(listed.after):
        return "column"
    several = prose.ARRAYS_AFTER.search(listed.after) if len(listed.members) > 1 or is_member(listed) else None
    if several is not None:
        return "column" if several["vector"] else "matrix"
    return "matrix" if prose.MATRIX_AFTER.search(listed.after) else ""


def form_of(key: str, declared: Mapping[str, str]) -> str:
    """The form of a name that is known to be a vector or a matrix."""
    while True:
        if key in declared:
            return declared[key]
        bare = key.split("_{")[0].split("^{")[0]
        if bare != key:
            key = bare
            continue
        found = _ACCENT.fullmatch(key)
        if found is None:
            break
        key = found[1]
    styled = _STYLE.fullmatch(key)
    if styled is not None and key.startswith("\\vec{"):
        return "column"
    letter = (styled[1] if styled is not None else key).strip("\\")
    return "matrix" if letter in _GREEK_CAPITALS or letter[:1].isupper() else "column"


def special(key: str) -> str:
    """`ones`, `zero` or `identity` for the names that stand for these by custom; else nothing."""
    if _ONES.fullmatch(key):
        return "ones"
    if _ZERO.fullmatch(key) and key != "O":
        return "zero"
    return "identity" if _IDENTITY.fullmatch(key.split("_{")[0]) else ""
