"""Layout: what changes only how a formula looks. `skip` drops the command and its arguments (`arity` of them, and
options in brackets); `keep` drops the command and `arity` arguments but keeps what the last braces hold."""

from derive.notation.commands.command import Command, words

_BARE = (
    ", : ; ! > / - displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits displaylimits nonumber "
    "notag pause mathstrut strut allowbreak nobreak break linebreak pagebreak displaybreak noalign medskip smallskip "
    "bigskip thinspace medspace thickspace negthinspace negmedspace negthickspace enspace enskip null relax noindent "
    "centering hfill hfil vfill protect normalsize small footnotesize scriptsize tiny large Large LARGE huge Huge "
    "qedhere hline nobreakspace onslide unboldmath par mathsurround newpage xspace normalfont singlespacing "
    "thinmuskip medmuskip thickmuskip baselineskip indent mathchoice null endgroup begingroup hss vss quitvmode "
    "displaylimits allowdisplaybreaks nolinebreak nopagebreak leavevmode selectfont normalcolor "
    "footnotemark toprule midrule bottomrule IEEEyesnumber IEEEnonumber IEEEyessubnumber IEEEnosubnumber "
    "IEEEeqnarraynumspace"
)
_ARGUMENTS = {
    "phantom": 1, "hphantom": 1, "vphantom": 1, "hspace": 1, "vspace": 1, "mspace": 1, "hskip": 0, "vskip": 0,
    "mskip": 0, "mkern": 0, "kern": 0, "color": 1, "setlength": 2, "addtocounter": 2, "rule": 2,
    "setcounter": 2, "stepcounter": 1, "refstepcounter": 1, "fontsize": 2, "cline": 1, "cmidrule": 1, "hdotsfor": 1,
    "raisetag": 1, "numberthis": 0, "noalign": 1, "extracolsep": 1, "index": 1, "arraystretch": 0, "vdotswithin": 1,
    "vadjust": 1, "tagaddtext": 0, "definecolor": 3, "thispagestyle": 1, "leqno": 0, "reqno": 0, "addlinespace": 0,
    "class": 1, "htmlClass": 1, "cssId": 1, "style": 1, "htmlId": 1, "htmlStyle": 1,
}  # fmt: skip
_KEPT = {
    "textcolor": 1, "colorbox": 1, "mathrel": 0, "mathbin": 0, "mathop": 0, "mathord": 0, "mathinner": 0, "mathopen": 0,
    "mathclose": 0, "mathpunct": 0, "ensuremath": 0, "smash": 0, "mathclap": 0, "mathrlap": 0, "mathllap": 0, "clap": 0,
    "rlap": 0, "llap": 0, "scalebox": 1, "resizebox": 2, "raisebox": 1, "vcenter": 0, "uncover": 0, "visible": 0,
    "only": 0, "alert": 0, "highlight": 0, "hl": 0, "bbox": 0, "adjustbox": 1, "lefteqn": 0,
    "MoveEqLeft": 0, "adjustlimits": 0, "nobrk": 0, "mathmakebox": 0,
    "multicolumn": 2, "multirow": 2, "centermathcell": 0, "leftline": 0, "centerline": 0, "action": 0, "href": 1,
}  # fmt: skip

_SPACES = {" ": Command("skip"), "\n": Command("skip"), "\t": Command("skip")}

LAYOUT = {
    **{name: Command("skip") for name in _BARE.split()},
    **_SPACES,
    **{name: Command("skip", "", arity) for name, arity in _ARGUMENTS.items()},
    **{name: Command("keep", "", arity) for name, arity in _KEPT.items()},
    "quad": Command("quad"),
    "qquad": Command("quad"),
    "enspace": Command("skip"),
    "cr": Command("row"),
    "newline": Command("row"),
    "tabularnewline": Command("row"),
    "endline": Command("row"),
    "lbreak": Command("row"),
    "tag": Command("tag", "tag", 1),
    "label": Command("tag", "label", 1),
    "eqno": Command("tag", "tag", 0),
    "intertext": Command("intertext", "", 1),
    "shortintertext": Command("intertext", "", 1),
}

PENALTIES = words(
    "postdisplaypenalty predisplaypenalty interdisplaylinepenalty relpenalty binoppenalty abovedisplayskip "
    "belowdisplayskip abovedisplayshortskip belowdisplayshortskip displayindent displaywidth hangindent"
)
LENGTHS = PENALTIES | {"hskip", "vskip", "mskip", "mkern", "kern", "penalty"}
"""Commands that take a length or a number without braces: `\\hskip 1em`, `\\postdisplaypenalty=100`."""

LAYOUT |= {name: Command("skip") for name in LENGTHS}
