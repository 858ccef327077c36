"""Random small derivations: true rewritings are never refuted, and no slip of one character is proved."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from examining import check, steps_of, told

NAMES = ("x", "y", "t")
Value = Fraction | None  # None: not defined there


class Term:
    """A random expression: as LaTeX, rewritten at random, and as a value."""

    def __init__(self, operator: str, *parts: Term | int | str) -> None:
        self.operator, self.parts = operator, parts

    def latex(self) -> str:
        one = self.parts[0]
        if self.operator in ("number", "name"):
            return str(one)
        texts = [part.latex() for part in self.parts if isinstance(part, Term)]
        if self.operator == "+":
            return f"{texts[0]} + {texts[1]}"
        if self.operator == "-":
            return f"{texts[0]} - ({texts[1]})"
        if self.operator == "*":
            return f"({texts[0]}) ({texts[1]})"
        if self.operator == "/":
            return rf"\frac{{{texts[0]}}}{{{texts[1]}}}"
        return f"({texts[0]})^{{{self.parts[1]}}}"

    def rewritten(self, chance: random.Random) -> Term:
        """The same value otherwise written."""
        if self.operator in ("number", "name"):
            return self
        parts = [part.rewritten(chance) if isinstance(part, Term) else part for part in self.parts]
        a, b = parts
        if self.operator in "+*" and chance.random() < 0.5:
            a, b = b, a
        if self.operator == "*" and isinstance(b, Term) and b.operator in "+-" and chance.random() < 0.7:
            return Term(b.operator, *(Term("*", a, part) for part in b.parts))
        if self.operator == "/" and isinstance(a, Term) and a.operator in "+-" and chance.random() < 0.7:
            return Term(a.operator, *(Term("/", part, b) for part in a.parts))
        if self.operator == "^" and chance.random() < 0.7:
            return Term("*", a, a) if b == 2 else Term("*", Term("^", a, 2), a)
        return Term(self.operator, a, b)


def random_term(chance: random.Random, depth: int) -> Term:
    if depth == 0 or chance.random() < 0.15:
        return Term("name", chance.choice(NAMES)) if chance.random() < 0.7 else Term("number", chance.randint(1, 5))
    operator = chance.choice("++-**/^")
    if operator == "^":
        return Term("^", random_term(chance, depth - 1), chance.choice((2, 3)))
    if operator == "/":
        # a denominator that vanishes nowhere
        return Term(
            "/",
            random_term(chance, depth - 1),
            Term("+", Term("^", Term("name", chance.choice(NAMES)), 2), Term("number", 1)),
        )
    return Term(operator, random_term(chance, depth - 1), random_term(chance, depth - 1))


def value(text: str, at: dict[str, int]) -> Value:
    """The value of LaTeX as `latex` writes it, read here by a few lines of its own."""
    tokens = list(text.replace(r"\frac", "F").replace(" ", ""))
    place = 0

    def peek() -> str:
        return tokens[place] if place < len(tokens) else ""

    def take() -> str:
        nonlocal place
        place += 1
        return tokens[place - 1]

    def group(close: str) -> Fraction:
        inner = total()
        assert take() == close
        return inner

    def atom() -> Fraction:
        token = take()
        if token == "(":
            found = group(")")
        elif token == "F":
            assert take() == "{"
            top = group("}")
            assert take() == "{"
            found = top / group("}")
        elif token.isdigit():
            while peek().isdigit():
                token += take()
            found = Fraction(int(token))
        else:
            found = Fraction(at[token])
        if peek() == "^":
            take()
            assert take() == "{"
            found **= int(group("}"))
        return found

    def product() -> Fraction:
        found = atom()
        while peek() and peek() not in "+-)}":
            found *= atom()
        return found

    def total() -> Fraction:
        found = -product() if peek() == "-" and take() else product()
        while peek() and peek() in "+-":
            found = found + product() if take() == "+" else found - product()
        return found

    try:
        found = total()
    except ZeroDivisionError:
        return None
    assert place == len(tokens), text
    return found


POINTS = [dict(zip(NAMES, p, strict=True)) for p in [(2, 3, 5), (7, 11, -3), (-2, 5, 13), (1, 1, 1), (0, 4, 9)]]


def slip(text: str, chance: random.Random) -> str:
    """The text with one character changed that keeps it well formed."""
    places = [k for k, c in enumerate(text) if c in "+-xyt" or (c.isdigit() and text[k - 1] != "{")]
    places = [k for k in places if not (text[k] == "t" and text[max(0, k - 1)].isalpha())]
    k = chance.choice(places)
    other = {"+": "-", "-": "+"}.get(text[k])
    if other is None:
        other = chance.choice([c for c in ("xyt" if text[k] in NAMES else "12345") if c != text[k]])
    return text[:k] + other + text[k + 1 :]


@pytest.mark.parametrize("seed", range(60))
def test_true_rewritings_and_slips(seed: int) -> None:
    chance = random.Random(seed)
    term = random_term(chance, 3)
    while term.operator in ("number", "name"):
        term = random_term(chance, 3)
    lines = [term.latex()]
    for _ in range(3):
        term = term.rewritten(chance)
        lines.append(term.latex())
    for line in lines[1:]:
        assert all(value(line, at) == value(lines[0], at) for at in POINTS)
    result = check("Then\n$$ " + " \\\\\n= ".join(lines) + " $$\n", repairs=False)
    steps = steps_of(result)
    assert [told(s) for s in steps if s.verdict != "proved"] == []
    wrong = slip(lines[-1], chance)
    (step,) = steps_of(check(f"Then\n$$ {lines[0]} = {wrong} $$\n", repairs=False))
    if any(value(lines[0], at) != value(wrong, at) for at in POINTS):
        assert step.verdict in ("refuted", "unknown"), told(step)
        # what is not refuted stands on one side only, or can be read as a definition
        assert step.verdict == "refuted" or "one side only" in step.reason, told(step)
    else:
        assert step.verdict != "refuted", told(step)
