"""Relation signs and arrows: each command with the sign the tree shows (or itself, where there is none)."""

from derive.notation.commands.command import Command, pairs, words

SIGNS = {
    "eq equals": "=", "neq ne": "≠", "lt": "<", "gt": ">", "le leq leqslant leqq": "≤", "ge geq geqslant geqq": "≥",
    "approx thickapprox approxeq": "≈", "equiv": "≡", "propto varpropto": "∝", "sim thicksim": "∼",
    "triangleq coloneqq coloneq colonequals vcentcolonequals doteq doteqdot eqdef defeq": ":=",
    "eqqcolon eqcolon Eqqcolon Eqcolon": "=:",
    "in isin": "∈", "notin": "∉", "subset sub": "⊂", "subseteq sube subseteqq": "⊆",
    "to rightarrow longrightarrow rarr": "→", "mapsto longmapsto": "↦", "ll": "≪", "gg": "≫", "preceq preccurlyeq": "⪯",
    "succeq succcurlyeq": "⪰", "perp": "⊥",
    "Rightarrow implies Longrightarrow rArr": "⇒", "Leftrightarrow iff Longleftrightarrow hArr": "⇔",
    "therefore": "∴", "because": "∵",
}  # fmt: skip

OTHERS = (
    "cong simeq ni owns supset supseteq prec succ leftarrow gets longleftarrow leftrightarrow "
    "longleftrightarrow uparrow downarrow updownarrow Uparrow Downarrow hookrightarrow hookleftarrow "
    "rightharpoonup rightharpoondown leftharpoonup leftharpoondown rightleftharpoons rightsquigarrow leadsto "
    "nearrow searrow swarrow nwarrow asymp bowtie smile frown parallel nparallel models vdash dashv vDash Vdash "
    "lesssim gtrsim lessgtr gtrless lessapprox gtrapprox trianglelefteq trianglerighteq vartriangleleft "
    "vartriangleright nsim ncong nless ngtr nleq ngeq subsetneq supsetneq nsubseteq nsupseteq sqsubset sqsubseteq "
    "sqsupset sqsupseteq Leftarrow Longleftarrow impliedby twoheadrightarrow upharpoonright precsim succsim "
    "xlongequal risingdotseq fallingdotseq bumpeq Bumpeq circeq eqsim backsim nmid ntriangleleft rightrightarrows "
    "rightleftarrows leftrightarrows multimap curvearrowright circlearrowleft circlearrowright nrightarrow "
    "nleftarrow nRightarrow lll ggg between pitchfork Coloneqq dashrightarrow "
    "lesseqgtr gtreqless lneq gneq lneqq gneqq precneq succneq nprec nsucc npreceq nsucceq varsubsetneq "
    "Subset Supset supseteqq blacktriangleright upuparrows downdownarrows Colon"
)

RELATIONS = {
    **pairs("rel", SIGNS),
    **{name: Command("rel", "\\" + name) for name in OTHERS.split()},
    "not": Command("not"),
    "mid": Command("middle", "|"),
    "vert": Command("bar", "|"),
    "colon": Command("sep", ":"),
    "vcentcolon": Command("sep", ":"),
    **{name: Command("arrow", "\\" + name) for name in words(
        "xrightarrow xleftarrow xRightarrow xLeftarrow xleftrightarrow xLeftrightarrow xmapsto xlongequal xeq "
        "xhookrightarrow"
    )},
}  # fmt: skip

NEGATED = {
    "=": "≠", "∈": "∉", "<": "\\nless", ">": "\\ngtr", "≤": "\\nleq", "≥": "\\ngeq", "∼": "\\nsim", "⊂": "\\nsubset",
    "⊆": "\\nsubseteq", "≡": "\\not\\equiv", "≈": "\\not\\approx", "∝": "\\not\\propto", "⊥": "\\not\\perp",
    "⇒": "\\not\\Rightarrow", "→": "\\not\\to",
}  # fmt: skip
"""What `\\not` makes of a sign. Others become `\\not` and the command."""
