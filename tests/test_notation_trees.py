"""The shape of trees, where the line of Unicode does not show it: pitfalls of other readers among them."""

# ruff: noqa: E501
from __future__ import annotations

import pytest

from derive.documents.document import Macro
from derive.notation import children, outline, read_passage, same, walk
from derive.notation.tree import Chain, Node, Passage, Remark, Unread
from derive.source import Source, TracedText


def read(text: str, *macros: Macro) -> Passage:
    return read_passage(TracedText.of(Source("fragment", text)), macros)


def only(text: str, *macros: Macro) -> Node:
    items = read(text, *macros).items
    assert len(items) == 1
    assert isinstance(items[0], Chain)
    return items[0] if items[0].signs else items[0].operands[0]


SHAPES = {
    r"y(1-h)": "(Product [(Name 'y' '' [] False) (Fenced '(' ')' (Sum [(Number '1') (Name 'h' '' [] False)] ['' '-']))] [''])",
    r"p(x|y)": "(Product [(Name 'p' '' [] False) (Fenced '(' ')' (List [(Name 'x' '' [] False) (Name 'y' '' [] False)] ['|']))] [''])",
    r"x^{(i)}": "(Script (Name 'x' '' [] False) - (Fenced '(' ')' (Name 'i' '' [] False)) 0)",
    r"\gamma^2": "(Script (Name 'gamma' '' [] True) - (Number '2') 0)",
    r"\mathrm{e}": "(Name 'e' 'mathrm' [] False)",
    r"{g}_{k}": "(Script (Name 'g' '' [] False) (Name 'k' '' [] False) - 0)",
    r"\hat{\mathbf{x}}": "(Name 'x' 'mathbf' ['hat'] False)",
    r"\operatorname{Var}(X)": "(Product [(Name 'Var' 'operatorname' [] False) (Fenced '(' ')' (Name 'X' '' [] False))] [''])",
    r"Loss": "(Word [(Name 'L' '' [] False) (Name 'o' '' [] False) (Name 's' '' [] False) (Name 's' '' [] False)])",
    r"dx": "(Product [(Name 'd' '' [] False) (Name 'x' '' [] False)] [''])",
    r"\sum_i x_i + y": "(Sum [(BigOperator 'sum' (Name 'i' '' [] False) - (Script (Name 'x' '' [] False) (Name 'i' '' [] False) - 0))"
    " (Name 'y' '' [] False)] ['' '+'])",
    r"f''": "(Script (Name 'f' '' [] False) - - 2)",
    r"-x": "(Sum [(Name 'x' '' [] False)] ['-'])",
    r"a/b": "(Product [(Name 'a' '' [] False) (Name 'b' '' [] False)] ['/'])",
    r"\text{MSE} = 1": "(Chain [(Text 'MSE' True) (Number '1')] [(Sign '=' -)])",
    r"\int f\,dx": "(BigOperator 'int' - - (Product [(Name 'f' '' [] False) (Name 'd' '' [] False) (Name 'x' '' [] False)] ['' '']))",
    r"f(x)|_{x=0}": "(At (Product [(Name 'f' '' [] False) (Fenced '(' ')' (Name 'x' '' [] False))] [''])"
    " (Chain [(Name 'x' '' [] False) (Number '0')] [(Sign '=' -)]) -)",
    r"a \overset{(a)}{=} b": "(Chain [(Name 'a' '' [] False) (Name 'b' '' [] False)] [(Sign '=' (Fenced '(' ')' (Name 'a' '' [] False)))])",
    r"i = 1, \ldots, n": "(Chain [(Name 'i' '' [] False) (List [(Number '1') (Ellipsis 'ldots') (Name 'n' '' [] False)] [',' ','])]"
    " [(Sign '=' -)])",
    r"2^{10}": "(Script (Number '2') - (Number '10') 0)",
    r"\max_i a_i": "(BigOperator 'max' (Name 'i' '' [] False) - (Script (Name 'a' '' [] False) (Name 'i' '' [] False) - 0))",
}  # fmt: skip


@pytest.mark.parametrize("text", SHAPES)
def test_shape(text: str) -> None:
    assert outline(only(text)) == SHAPES[text]


@pytest.mark.parametrize(
    ("one", "other"),
    [(r"N x", r"n x"), (r"1/2^{99}", r"1/2^{98}"), (r"f'(x)", r"f(x)"), (r"4\sqrt{2}", r"4"), (r"1-1/\mathrm{e}", r"1+1/\mathrm{e}"),
     (r"\sum_i x_i", r"\sum_j x_i"), (r"a \approx b", r"b"), (r"\hat y_i - y_i", r"\hat y_i")],
)  # fmt: skip
def test_different_formulas_differ(one: str, other: str) -> None:
    assert not same(only(one), only(other))


def test_alignment_and_layout_leave_no_trace() -> None:
    assert same(only(r"a &= b\,c \\ &\quad + d"), only(r"a = b c + d"))


def test_rows_are_counted_where_items_begin() -> None:
    passage = read("a &= b \\\\ &= c \\\\ d &= e \\tag{1}")
    assert passage.rows == (0, 2, 2)
    assert isinstance(passage.items[2], Remark)
    assert passage.items[2].kind == "tag"


def test_rows_with_their_own_relation_begin_a_chain() -> None:
    assert len(read("x &= 1 \\\\ -y &= 2").items) == 2
    assert len(read("x &= 1, \\\\ -y = 2").items) == 2
    assert len(read("x &= 1 \\\\ & - y").items) == 1


def test_spans_point_at_the_signs() -> None:
    text = "a &= b \\\\\n &= c"
    chain = read(text).items[0]
    assert isinstance(chain, Chain)
    assert [text[s.span.start : s.span.end] for s in chain.signs] == ["=", "="]
    assert [text[o.span.start : o.span.end] for o in chain.operands] == ["a", "b", "c"]


def test_spans_follow_an_unescaped_text() -> None:
    source = Source("note", r"$z\_j = 1$")
    text = TracedText("z_j = 1", [1, 2, 4, 5, 6, 7, 8], 9)
    chain = read_passage(text).items[0]
    assert isinstance(chain, Chain)
    assert source.text[chain.operands[0].span.start : chain.operands[0].span.end] == r"z\_j"


def test_children_and_walk() -> None:
    chain = only("a = b + c")
    assert [type(child).__name__ for child in children(chain)] == ["Name", "Sign", "Sum"]
    assert [type(node).__name__ for node in walk(chain)] == ["Chain", "Name", "Sign", "Sum", "Name", "Name"]


# macros


def test_macros_keep_the_places_of_arguments() -> None:
    text = r"\norm{x_i}_2"
    node = only(text, Macro("norm", 1, r"\left\| #1 \right\|"))
    assert outline(node).startswith("(Script (Fenced '||' '||' (Script")
    inner = next(n for n in walk(node) if outline(n) == "(Name 'i' '' [] False)")
    assert text[inner.span.start : inner.span.end] == "i"


def test_macros_with_defaults_and_inside_macros() -> None:
    grad = Macro("grad", 2, r"\frac{\partial #2}{\partial #1}", "x")
    assert same(only(r"\grad{f}", grad), only(r"\frac{\partial f}{\partial x}"))
    assert same(only(r"\grad[y]{f}", grad), only(r"\frac{\partial f}{\partial y}"))
    nested = (Macro("\\E", 1, r"\mathbb{E}\left[#1\right]"), Macro("\\V", 1, r"\E{#1^2}"))
    assert same(only(r"\V{X}", *nested), only(r"\mathbb{E}\left[X^2\right]"))
    assert same(only(r"\half x", Macro("half", 0, r"\frac12")), only(r"\frac{1}{2} x"))


def test_macros_that_call_themselves_are_unread() -> None:
    for macros in [
        (Macro("a", 0, r"\a"),),
        (Macro("a", 0, r"\b \b"), Macro("b", 0, r"\a \a")),
        (Macro("a", 1, r"\a{#1 #1}"),),
    ]:
        passage = read(r"x = \a{y}", *macros)
        assert any(isinstance(node, Unread) and "macro" in node.reason for node in walk(passage))


def test_macros_that_explode_are_bounded() -> None:
    macros = [Macro("\\" + c, 0, ("\\" + n) * 10) for c, n in zip("abcdefghij", "bcdefghijk", strict=True)]
    assert any(isinstance(node, Unread) for node in walk(read(r"\a", *macros)))


# what is not understood


@pytest.mark.parametrize(
    ("text", "characters", "reason"),
    [
        (r"a + \foo = b", r"\foo", "unknown command"),
        (r"(a = b", "(", "without its partner"),
        (r"a = b)", ")", "without its partner"),
        (r"a @ b = c", "@", "not mathematics"),
        (r"\begin{tikz} a \end{tikz}", r"\begin{tikz} a \end{tikz}", "unknown environment"),
    ],
)
def test_what_is_not_understood_is_named(text: str, characters: str, reason: str) -> None:
    unread = [node for node in walk(read(text)) if isinstance(node, Unread)]
    assert [node.text for node in unread] == [characters]
    assert reason in unread[0].reason


def test_reading_goes_on_after_a_bad_row() -> None:
    items = read("a &= (b \\\\ c &= \\foo \\\\ d &= e").items
    assert len(items) == 3
    assert not any(isinstance(node, Unread) for node in walk(items[2]))
