"""Delimiters with their canonical names, and the commands that size them."""

from derive.notation.commands.command import Command

DELIMITERS = {
    "{": Command("open", "{"), "lbrace": Command("open", "{"), "}": Command("close", "}"),
    "rbrace": Command("close", "}"), "lbrack": Command("open", "["), "rbrack": Command("close", "]"),
    "langle": Command("open", "<"), "rangle": Command("close", ">"), "lvert": Command("open", "|"),
    "rvert": Command("close", "|"), "lVert": Command("open", "||"), "rVert": Command("close", "||"),
    "lfloor": Command("open", "floor"), "rfloor": Command("close", "floor"), "lceil": Command("open", "ceil"),
    "rceil": Command("close", "ceil"), "|": Command("bar", "‖"), "Vert": Command("bar", "‖"),
    "lparen": Command("open", "("), "rparen": Command("close", ")"), "llbracket": Command("open", "[["),
    "rrbracket": Command("close", "]]"), "lgroup": Command("open", "("), "rgroup": Command("close", ")"),
    "ulcorner": Command("open", "ulcorner"), "urcorner": Command("close", "urcorner"), "lang": Command("open", "<"),
    "rang": Command("close", ">"),
}  # fmt: skip

SIZES = {
    **{name: Command("size", side) for side, names in {
        "left": "left", "right": "right", "middle": "middle",
        "": "big Big bigg Bigg", "open": "bigl Bigl biggl Biggl", "close": "bigr Bigr biggr Biggr",
        "between": "bigm Bigm biggm Biggm",
    }.items() for name in names.split()},
}  # fmt: skip
