"""Prose inside formulas: commands that hold it, dots, and the words that tell a condition from a remark."""

from derive.notation.commands.command import Command, pairs, table, words

PROSE = {
    **{name: Command("text") for name in words("text mbox hbox textnormal intertext tmop mathtext makebox parbox")},
    **{name: Command("reference") for name in words("ref eqref cite cref Cref autoref citep citet nameref pageref")},
    **{name: Command("text") for name in words("footnote todo marginpar")},
    **table("ellipsis", "ldots cdots dots vdots ddots dotsc dotsb dotsm dotsi dotso iddots"),
    **pairs("ellipsis", {"hellip hdots mathellipsis textellipsis": "dots"}),
}

CONDITION_WORDS = (
    "for", "if", "when", "where", "with", "whenever", "such that", "s.t.", "provided", "assuming", "given", "unless",
    "otherwise", "subject to", "since", "because", "as", "using", "let", "on", "in", "iff",
    "当", "若", "其中", "如果", "对", "设", "且", "满足", "使得", "由于", "因为",
    "para", "si", "où", "pour", "avec", "falls", "für", "wenn", "wobei", "mit", "se", "con", "donde", "onde", "при",
    "если", "где",
)  # fmt: skip
"""A text that begins with one of these takes what follows it as its condition."""

PROSE_WORDS = words(
    "for if when where with and or all so then hence thus therefore whenever such that s.t. provided else "
    "otherwise let is are we have as in on by at from to of the a an but not given since because using iff "
    "subject which be can assume this also note etc. i.e. e.g. et ou si pour avec und oder falls für wenn unless "
    "any each every some ie eg similarly likewise furthermore moreover finally recall over under"
)
"""Single words that are prose, never an identifier."""
