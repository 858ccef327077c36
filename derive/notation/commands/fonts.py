"""Fonts: those that style single letters, upright ones that make one name of a run, and old switches."""

from derive.notation.commands.command import pairs, table

FONTS = {
    **table("font", "mathbf mathcal mathbb mathfrak mathscr boldsymbol bm mathbfit pmb mathnormal"),
    **table("font", "mathds Bbb frak bold"),
    **pairs("font", {"symbf": "mathbf", "symbfit": "boldsymbol", "mathbbm": "mathbb", "mathbfcal": "mathcal",
                     "b": "mathbf", "pmbb": "mathbb", "mathpzc": "mathcal"}),
    **table("upright", "mathrm mathit mathsf mathtt textit textbf texttt textsf textsc textrm textup emph mathup"),
    **pairs("switch", {"bf bfseries": "mathbf", "cal": "mathcal", "rm rmfamily": "mathrm", "it em itshape": "mathit",
                       "sf": "mathsf", "tt": "mathtt", "mit": "mathit", "boldmath": "boldsymbol", "sl": "mathit",
                       "sc": "textsc", "upshape": "mathrm"}),
}  # fmt: skip

UPRIGHT = frozenset(name for name, command in FONTS.items() if command.kind == "upright") | {"operatorname"}
"""Styles in which a run of letters is one name."""
