"""Every rule of the book on trial, every tempting falsehood refuted, and that the trial catches what it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.proving import rulebook
from derive.proving.book import Book, standard, with_pages
from derive.proving.rulebook import Entry, read_text
from derive.proving.trial import Trial, try_rejected, try_rule


@pytest.mark.parametrize("entry", rulebook.all_entries(), ids=lambda entry: entry.name)
def test_every_rule_of_the_book_passes(entry: Entry) -> None:
    assert try_rule(entry, standard()).complaints == ()


@pytest.mark.parametrize("entry", rulebook.rejected_entries(), ids=lambda entry: entry.name)
def test_every_rejected_falsehood_is_refuted(entry: Entry) -> None:
    assert entry.rejected
    assert try_rejected(entry) == Trial()


# ------------------------------------------------------------------------------------------ the trial itself


def page(name: str = "mine", **items: str | tuple[str, ...]) -> str:
    """A page with one rule, which is a good one but for the items given."""
    usual: dict[str, str | tuple[str, ...]] = {
        "statement": r"\left|\sin x\right| = \sqrt{\frac{1 - \cos(2x)}{2}}",
        "where": (),
        "assumes": (),
        "holds": r"$\left|\sin(3y)\right| = \sqrt{\frac{1 - \cos(6y)}{2}}$",
        "fails": r"$\left|\sin(3y)\right| = \sqrt{\frac{1 + \cos(6y)}{2}}$",
        "source": "DLMF 4.21",
    }
    usual |= items
    lines = [f"## {name}", "", "A sentence.", "", f"$$ {usual.pop('statement')} $$", ""]
    for kind, said in usual.items():
        lines += [f"- {kind}: {text}" for text in ((said,) if isinstance(said, str) else said)]
    return "\n".join(lines) + "\n"


def tried(text: str) -> Trial:
    entries = read_text(text, "mine")
    return try_rule(entries[0], Book((*standard().entries.values(), *entries)))


def test_a_good_rule_passes() -> None:
    assert tried(page()) == Trial()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (page("normal-form"), "the name is taken by a procedure"),
        (page("rearrange"), "the name is taken by a procedure"),
        (page("chain-rule"), "the name is taken by another rule"),
        (page("Mine!"), "this is no name for a rule"),
        (page(statement=r"\sin(x \star) = 1"), "an operand is missing"),
        (page(statement=r"\frac{dy}{dx} + |x| = |x|"), "a part of the statement has no meaning of its own"),
        (page(statement=r"\sqrt{x^2} = x"), "the statement is refuted: x = -1 gives 1 and -1"),
        (page(where=("$x > 0$", "$x < 0$")), "no model satisfies its conditions"),
        (page(where=r"$\sin(x)^2 = 2$"), "no model satisfies its conditions"),
        (page(where="the triangle is nice"), "the condition is not understood: the triangle is nice"),
        (page(holds=r"$|\sin y| = 1$"), "not proved: $|\\sin y| = 1$"),
        (page(holds=r"$(y + 1)^2 = y^2 + 2y + 1$"), "proved, and not with this rule"),
        (page(holds="obviously"), "an instance that holds is a formula between dollars"),
        (page(fails=r"$(y + 1)^2 = y^2 + 2y + 1$"), "proved, and it should fail"),
        (page(fails=r"$\sqrt{2 - 2\cos(2z)} = 2 \left|\sin z\right|$"), "proved, and it should fail"),
        (page(fails=r"$\lfloor \sqrt{\lfloor z^2 \rfloor} \rfloor = \lfloor |z| \rfloor$"), "not refuted"),
    ],
)
def test_a_bad_rule_is_caught(text: str, complaint: str) -> None:
    found = tried(text).complaints
    assert any(said.startswith(complaint) for said in found), found


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (r"\log(x^2) = 2 \log x", "x = -"),
        (r"|x| = \frac{x^2}{|x|}", "x = 0"),
        (r"\left|\sin x\right| = \frac{1 - \cos(2x)}{2 \sqrt{\frac{1 - \cos(2x)}{2}}}", "x = 0"),
        (r"\cos(x)^4 - \sin(x)^4 = \frac{\cos(2x) \sin(2x)}{2 \sin x \cos x}", "x = 0"),
        (r"|x + y| = \frac{(x + y)^2}{|x + y|}", "y = "),
    ],
)
def test_a_right_side_must_be_defined_where_the_left_one_is(statement: str, values: str) -> None:
    trial = tried(page(statement=statement))
    found = trial.remarks if "a name for what the normal form does" in trial.remarks else trial.complaints
    assert any("no value where the left side has one" in said and values in said for said in found), found


def test_a_rule_that_is_applied_must_not_lose_values() -> None:
    losing = page(statement=r"\left|\sin x\right| = \frac{1 - \cos(2x)}{2 \sqrt{\frac{1 - \cos(2x)}{2}}}")
    assert tried(losing).complaints[0].startswith("the right side has no value where the left side has one")


def test_a_condition_makes_the_right_side_defined() -> None:
    for statement, where in ((r"\log(x^2) = 2 \log x", "$x > 0$"), (r"\log(x^2) = 2 \log(-x)", "$x < 0$")):
        found = tried(page(statement=statement, where=where)).complaints
        assert not any("no value" in said for said in found)


def test_a_pattern_must_be_something_to_look_for() -> None:
    statement = r"1 = \frac{1}{\left|\sin x\right|} \sqrt{\frac{1 - \cos(2x)}{2}}"
    found = tried(page(statement=statement)).complaints
    assert any("there is no pattern to look for" in said for said in found), found


def test_inequalities_are_rules_too() -> None:
    below = page(
        statement=r"\log x \le x - 1",
        where="$x > 0$",
        holds=r"$\log(1 + t^2) \le t^2$",
        fails=r"$\log(1 + t^2) \ge t^2$",
    )
    assert tried(below) == Trial()
    above = page(statement=r"\log x \ge x - 1", where="$x > 0$")
    assert any(said.startswith("the statement is refuted") for said in tried(above).complaints)


ENDLESS = {
    "statement": r"\int_0^\infty \frac{x}{e^{a x} - 1} \, dx = \frac{\pi^2}{6 a^2}",
    "where": "$a > 0$",
    "holds": r"$\int_0^\infty \frac{t}{e^{3 t} - 1} \, dt = \frac{\pi^2}{54}$",
    "fails": r"$\int_0^\infty \frac{t}{e^{3 t} - 1} \, dt = \frac{\pi^2}{27}$",
}


@pytest.mark.parametrize(
    "statement",
    [
        r"\int_0^\infty x^2 e^{-a x} \, dx = \frac{1}{a^3}",
        r"\int_{-\infty}^\infty e^{-a x^2} \, dx = \frac{\pi}{\sqrt{a}}",
        r"\int_{-\infty}^0 \frac{1}{x^2 + a^2} \, dx = \frac{\pi}{a}",
        r"\sum_{k=1}^\infty \frac{1}{k^2} = \frac{\pi^2}{8}",
        r"\sum_{k=1}^\infty \frac{(-1)^k a}{k} = a \log 2",
        r"\lim_{x \to \infty} \frac{\log x}{x} = a",
    ],
)
def test_what_models_cannot_evaluate_is_approximated(statement: str) -> None:
    found = tried(page(**{**ENDLESS, "statement": statement})).complaints
    assert found[0].startswith(("the statement seems to fail", "applied to its own statement")), found
    assert any(said.startswith("the statement seems to fail") for said in found)


@pytest.mark.parametrize(
    "statement",
    [
        r"\sum_{k=0}^\infty \frac{a^k}{k!} = e^{2a}",
        r"\lim_{x \to 0} \frac{\sin(a x)}{x} = 1 + a",
        r"\lim_{x \to \infty} \left(1 + \frac{a}{x}\right)^x = a",
    ],
)
def test_limits_and_series_that_models_evaluate_are_refuted(statement: str) -> None:
    found = tried(page(**{**ENDLESS, "statement": statement})).complaints
    assert any(said.startswith("the statement is refuted") for said in found)


def test_what_is_only_approximated_is_said() -> None:
    trial = tried(page(**ENDLESS))
    assert trial.complaints == ()
    assert any(said.startswith("the statement is only approximated") for said in trial.remarks)


def test_what_holds_as_far_as_one_can_see_does_not_fail() -> None:
    true = page(**{**ENDLESS, "fails": r"$\int_0^\infty t e^{-t^4} \, dt = \frac{\sqrt{\pi}}{4}$"})
    assert any("it should fail" in said or "seems to hold" in said for said in tried(true).complaints)


def test_a_page_keeps_falsehoods_out_of_the_book(tmp_path: Path) -> None:
    text = page() + "\n## never\n\nFalse.\n\n$$ \\sin(2x) = 2 \\sin x $$\n\n- counterexample: $x = 1$\n"
    path = tmp_path / "mine.md"
    path.write_text(text, encoding="utf-8")
    book = with_pages((str(path),))
    assert "mine" in book and "never" not in book
    assert len(book) == len(standard()) + 1


def test_the_book_keeps_its_own_rules(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text(page("chain-rule"), encoding="utf-8")
    assert with_pages((str(path),)).entries["chain-rule"] == standard().entries["chain-rule"]
