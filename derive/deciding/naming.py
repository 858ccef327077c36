"""The names that a question is about: by role, through definitions, on one side only."""

from __future__ import annotations

from sympy import Pow, Symbol
from sympy.core.basic import Basic

from derive.meaning.laws import Density, Expectation, Statistic
from derive.meaning.matrices import Array, arrays_in
from derive.meaning.objects import Call, Entry, Partial, Range, is_bound, occurs, subterms
from derive.meaning.printing import to_text
from derive.meaning.question import Definition, Question
from derive.refuting.doubts import is_limit_of

Name = tuple[str, str]  # ("symbol" | "family" | "function" | "index" | "law", key)


def names_of(term: Basic) -> set[Name]:
    """The names in a term by role: symbols, families, functions, and symbols that only index."""
    found: set[Name] = set()
    indices: set[Basic] = set()
    arrays = {part.name for part in subterms(term) if isinstance(part, Array)}  # families of their entries
    for part in subterms(term):
        if isinstance(part, Entry):
            found.add(("family", part.name))
            indices.update(i for i in part.indices if isinstance(i, Symbol))
        elif isinstance(part, Call):
            found.add(("function", part.name))
        elif isinstance(part, Density | Expectation):
            found.add(("law", f"law {part.law.name}"))
    for symbol in term.free_symbols:
        if isinstance(symbol, Symbol) and not is_bound(symbol):
            role = "family" if symbol in arrays else "index" if symbol in indices else "symbol"
            found.add((role, symbol.name))
    return found


def targets_of(term: Basic) -> list[Basic]:
    """What in a term a definition could speak of: its symbols, members and calls (those under a binder with their
    bound variables opened), in order."""
    found: dict[Basic, None] = {}
    for part in subterms(term):
        if isinstance(part, Entry | Call | Density | Expectation | Statistic) or (
            isinstance(part, Symbol) and not is_bound(part)
        ):
            found.setdefault(part)
    return list(found)


def free_indices(term: Basic) -> set[Symbol]:
    """Symbols that stand free in a term as the index of some family."""
    free = term.free_symbols
    return {
        index
        for part in subterms(term)
        if isinstance(part, Entry)
        for index in part.indices
        if isinstance(index, Symbol) and index in free and not is_bound(index)
    }


def closures(question: Question) -> tuple[set[Name], set[Name]]:
    """The names that each side comes down to once its definitions are put in: those that the document does not
    define."""
    found = []
    for side in (question.left, question.right):
        names: set[Name] = set()
        stack: list[tuple[Basic, frozenset[str]]] = [(side, frozenset())]
        seen: set[Definition] = set()
        while stack:
            term, parameters = stack.pop()
            defined: set[str] = set()
            for target in targets_of(term):
                definition = next((d for d in question.setting.definitions if d.at(target) is not None), None)
                if definition is not None:
                    defined.add(target.name)
                    if definition not in seen:
                        seen.add(definition)
                        stack.append((definition.body, frozenset(p.name for p in definition.parameters)))
            here = {name for name in names_of(term) if name[1] not in defined}
            names |= {name for name in here if not (name[0] in ("symbol", "index") and name[1] in parameters)}
        found.append(names)
    return found[0], found[1]


def stands_alone(question: Question) -> str | None:
    """A whole side that is one name which nobody defines and which the other side does not contain
    (`\\sigma_1^2 = \\sigma_2^2` states something); None where there is none."""
    for side, other in ((question.left, question.right), (question.right, question.left)):
        atom = side.args[0] if isinstance(side, Pow | Array) else side
        if isinstance(atom, Symbol | Entry | Call) and not occurs(atom, other):
            if isinstance(atom, Call) and is_limit_of(atom, other):
                continue
            if not any(definition.at(atom) is not None for definition in question.setting.definitions):
                if not free_indices(atom) and not any(
                    _same_family(atom, part) for part in subterms(other) if free_indices(part)
                ):
                    return to_text(atom)
    return None


def one_sided(question: Question) -> list[str]:
    """The names that nobody defines and that only one side comes down to. Indices don't count."""
    left, right = closures(question)
    sizes = _sizes(question)
    left, right = left - sizes, right - sizes
    return sorted(key for role, key in left if role != "index" and not _stands(role, key, right)) + sorted(
        key for role, key in right if role != "index" and not _stands(role, key, left)
    )


def _sizes(question: Question) -> set[Name]:
    """The sizes that are declared of arrays in the question, and symbols that only bound sums and products: whether
    they may stand on one side is for the refuter to say, which knows the families they are the size of."""
    bounds: set[Basic] = set()
    elsewhere: set[Basic] = set()
    stack: list[Basic] = [question.left, question.right]
    while stack:
        term = stack.pop()
        if isinstance(term, Range):
            bounds |= term.free_symbols
        elif isinstance(term, Symbol):
            elsewhere.add(term)
        else:
            stack.extend(term.args)
    present = arrays_in((question.left, question.right))
    shapes = [shape for key, shape in question.setting.sizes.items() if key in present]
    declared = {symbol for shape in shapes for size in shape for symbol in size.free_symbols}
    return {("symbol", s.name) for s in (bounds - elsewhere) | declared if isinstance(s, Symbol)}


def _stands(role: str, key: str, names: set[Name]) -> bool:
    """Whether a name stands among others in the same role; a symbol may also index there."""
    return (role, key) in names or (role == "symbol" and ("index", key) in names)


def _same_family(atom: Basic, part: Basic) -> bool:
    return type(part) is type(atom) and part.name == atom.name


def groundless(question: Question) -> tuple[str, str] | None:
    """A derivative in the question whose body, with all definitions put in, does not contain what it is differentiated
    by: (name of the body, name of the variable); None where there is none."""
    for side in (question.left, question.right):
        for part in subterms(side):
            if isinstance(part, Partial) and isinstance(part.variable, Symbol | Entry | Call) and names_of(part.body):
                reached = _reach(part.body, part.variable, question.setting.definitions)
                if not _holds(reached, part.variable):
                    return _spoken(part.body), _spoken(part.variable)
    return None


def _reach(body: Basic, variable: Basic, definitions: tuple[Definition, ...]) -> list[Basic]:
    """The body and the bodies of all definitions it leads to; a definition of the variable itself is not opened."""
    reached: list[Basic] = [body]
    by_name = {d.head.name: d for d in definitions}
    seen: set[str] = set()
    k = 0
    while k < len(reached):
        for _, key in sorted(names_of(reached[k])):
            if key in by_name and key not in seen and not (key == variable.name and reached[k] is not body):
                seen.add(key)
                reached.append(by_name[key].body)
        k += 1
    return reached


def _holds(terms: list[Basic], variable: Basic) -> bool:
    for term in terms:
        for part in subterms(term):
            if type(part) is type(variable) and part.name == variable.name:
                return True
    return False


def _spoken(term: Basic) -> str:
    return str(term.name) if isinstance(term, Symbol | Entry | Call) else "the expression"
