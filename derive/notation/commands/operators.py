"""Operators between terms (`add`) and between factors (`mul`), and the big ones that take limits and a body."""

from derive.notation.commands.command import Command, pairs

ADDITIVE = "pm mp oplus ominus cup sqcup uplus setminus vee lor smallsetminus boxplus dotplus boxminus"
MULTIPLICATIVE = (
    "cdot times odot otimes circ div cap wedge land ast star bullet sqcap oslash boxtimes "
    "rtimes ltimes boxdot centerdot amalg wr cdotp circledast circledcirc bigtriangleup bigtriangledown "
    "triangleleft triangleright divideontimes intercal barwedge veebar unlhd unrhd lhd rhd"
)
BIG = {
    "sum": "sum", "prod": "prod", "coprod": "coprod", "int intop": "int", "iint": "iint", "iiint": "iiint",
    "oint": "oint", "oiint": "oiint", "idotsint": "idotsint", "fint": "fint", "smallint": "int",
    "bigcup": "bigcup", "bigcap": "bigcap", "bigoplus": "bigoplus", "bigotimes": "bigotimes", "bigvee": "bigvee",
    "bigwedge": "bigwedge", "bigsqcup": "bigsqcup", "biguplus": "biguplus", "bigodot": "bigodot",
    "lim": "lim", "limsup varlimsup": "limsup", "liminf varliminf": "liminf", "max": "max", "min": "min",
    "sup": "sup", "inf": "inf", "argmax": "argmax", "argmin": "argmin", "argsup": "argsup", "arginf": "arginf",
    "injlim": "injlim", "projlim": "projlim", "varinjlim": "varinjlim", "esssup": "esssup",
}  # fmt: skip

INTEGRALS = frozenset({"int", "iint", "iiint", "oint", "oiint", "idotsint", "fint"})

LIKE_FUNCTIONS = frozenset({"max", "min", "sup", "inf", "argmax", "argmin"})
"""Big operators that are functions where no limit stands under them: `\\max(a, b)`."""

PLAIN_BIG = frozenset({"max", "min", "sup", "inf", "lim", "limsup", "liminf", "argmax", "argmin", "argsup", "arginf"})
"""Big operators that people also write in upright letters."""

OPERATORS = {
    **{name: Command("add", "\\" + name) for name in ADDITIVE.split()},
    **{name: Command("mul", "\\" + name) for name in MULTIPLICATIVE.split()},
    **pairs("big", BIG),
    "slash": Command("mul", "/"),
    "backslash": Command("add", "\\setminus"),
    "plus": Command("add", "+"),
    "minus": Command("add", "-"),
    "arg": Command("arg", "arg"),
    "bmod": Command("mul", "\\bmod"),
    "mod": Command("mul", "\\bmod"),
    "pmod": Command("pmod", "pmod"),
    "forall": Command("quantifier", "∀"),
}
