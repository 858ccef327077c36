"""Definitions of the setting put in place of what they define, under binders too and never with capture."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from derive.meaning.laws import Density, Expectation, Statistic
from derive.meaning.matrices import Array, Gradient
from derive.meaning.objects import Binder, Call, Entry, Partial, subterms
from derive.meaning.question import Setting
from derive.proving.giveup import Stuck, TooLarge

MOST_ROUNDS = 12
MOST_SIZE = 20_000
MOST_LEVEL = 760  # rules of the book are instantiated from level 500 on, matched from level 700 on


def head_name(term: Basic) -> str | None:
    """The name that a definition could define: of a symbol, a family, a function."""
    return str(term.name) if isinstance(term, (Symbol, Entry, Call, Density, Expectation, Statistic)) else None


def names_in(term: Basic) -> set[str]:
    """All names that stand in a term."""
    return {name for part in subterms(term) if (name := head_name(part)) is not None}


def opened_symbol(level: int) -> Symbol:
    """The symbol for the variable of the binder at a nesting level while its body is worked on."""
    return Symbol(f"⋄{level}")


def _clear(term: Basic) -> int:
    """The first level whose symbol does not stand in a term."""
    taken = [int(s.name[1:]) for s in term.free_symbols if isinstance(s, Symbol) and s.name.startswith("⋄")]
    return 1 + max(taken, default=-1)


def rewrite(term: Basic, change: Callable[[Basic], Basic | None], level: int = 0) -> Basic:
    """The term with `change` applied to each subterm, outermost first; where it gives None, its parts are visited.

    Binders are opened with symbols that stand nowhere in a document, so whatever comes in can't be captured."""
    if level > MOST_LEVEL:
        raise TooLarge("binders are nested too deeply")
    changed = change(term)
    if changed is not None:
        return changed
    if not term.args:
        return term
    if isinstance(term, Binder):
        level = max(level, _clear(term))
        variable = opened_symbol(level)
        body, inside = term.open(variable)
        outside = [rewrite(part, change, level) for part in term.outside]
        scope = [rewrite(part, change, level + 1) for part in (body, *inside)]
        if [body, *inside] == scope and list(term.outside) == outside:
            return term
        return type(term)(scope[0], variable, *outside, *scope[1:])
    # the head of a call is a name, even where it has the form of a member: nothing is put in its place
    kept = 1 if isinstance(term, Call) else 0
    args = [*term.args[:kept], *(rewrite(arg, change, level) for arg in term.args[kept:])]
    return term if list(term.args) == args else term.func(*args)


def unfold(term: Basic, setting: Setting, heads: Collection[str]) -> Basic:
    """The term with the definitions of the names in `heads` put in, until none of them is left or a bound on the
    number of rounds is met. The variable of a derivative is never replaced, nor its own family in the body."""

    def change(part: Basic) -> Basic | None:
        if isinstance(part, Partial | Gradient):
            variable = part.args[1]
            own = head_name(variable.args[0] if isinstance(variable, Array) else variable)
            body = unfold(part.args[0], setting, {head for head in heads if head != own})
            return part.func(body, variable)
        name = head_name(part)
        if name is None or name not in heads:
            return None
        for definition in setting.definitions:
            if head_name(definition.head) == name and (body := definition.at(part)) is not None:
                return body
        return None

    for _ in range(MOST_ROUNDS):
        try:
            changed = rewrite(term, change)
        except (TypeError, ValueError):
            raise Stuck("a definition puts a number where a vector or matrix stands, or the other way round") from None
        if changed == term:
            return term
        term = changed
        if sum(1 for _ in subterms(term)) > MOST_SIZE:
            raise TooLarge("unfolding the definitions makes the expression too large")
    raise TooLarge("the definitions go round in a circle")


def defined_names(setting: Setting) -> tuple[str, ...]:
    """The names that have definitions, in the order of the document."""
    names: dict[str, None] = {}
    for definition in setting.definitions:
        name = head_name(definition.head)
        if name is not None:
            names.setdefault(name)
    return tuple(names)
