"""Named functions: `\\sin`, `\\log`, …, those that bare or upright letters spell, and roots and fractions."""

from derive.notation.commands.command import Command, pairs, table, words

NAMES = (
    "sin cos tan cot sec csc arcsin arccos arctan arccot arcsec arccsc sinh cosh tanh coth sech csch "
    "arcsinh arccosh arctanh arsinh arcosh artanh asin acos atan exp log ln lg det gcd lcm tr rank dim ker deg hom "
    "sgn sign diag erf erfc Tr trace Pr vec rk span ctg tg sh ch th cth arctg argsh"
)

FUNCTIONS = {
    **table("function", NAMES),
    **pairs("function", {"Det": "det", "Log": "log", "Exp": "exp", "Diag": "diag", "mathspan": "span"}),
    **pairs("fraction", {"frac dfrac tfrac cfrac nicefrac sfrac flatfrac rfrac": "frac"}),
    **pairs("fraction", {"binom dbinom tbinom": "binom"}),
    **pairs("infix", {"over": "over", "choose": "choose", "atop": "atop", "above": "over"}),
    "sqrt": Command("root", "sqrt"),
    "operatorname": Command("operatorname", "operatorname"),
    "operatornamewithlimits": Command("operatorname", "operatorname"),
    "substack": Command("substack", "substack"),
}
del FUNCTIONS["vec"]  # an accent
for _name in ("span", "sign", "rank", "diag", "trace", "sgn"):
    FUNCTIONS.setdefault(_name, Command("function", _name))

SPELLED = frozenset(NAMES.split()) - {"sh", "ch", "th", "tg", "span", "vec", "hom", "ctg", "cth"}
"""Function names that are functions in upright letters too: `\\mathrm{tr}(A)`, `\\operatorname{diag}(x)`."""

BARE = words("exp log ln lg sin cos tan cot sec tanh sinh cosh arctan arcsin arccos max min sqrt det tr argmax argmin")
"""Function names that are functions when typed as bare letters before an argument."""

FENCED_ONLY = frozenset({"Pr", "sgn", "sign", "diag", "rank", "dim", "span", "erf", "erfc", "trace", "vec", "rk"})
"""Functions that only take an argument in parentheses when they are spelled in upright letters."""
