"""Commands that stand for one identifier: Greek letters, and symbols such as `\\infty` and `\\nabla`."""

from derive.notation.commands.command import pairs, table

LETTERS = {
    **table(
        "name",
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi "
        "omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega digamma "
        "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega varGamma varDelta varTheta varLambda varXi "
        "varPi varSigma varUpsilon varPhi varPsi varOmega "
        "infty nabla partial ell hbar hslash imath jmath Re Im wp aleph beth gimel emptyset varnothing top bot "
        "prime neg lnot angle triangle square Box blacksquare clubsuit diamondsuit heartsuit spadesuit flat sharp "
        "natural checkmark dagger ddagger complement Bbbk eth mho surd backprime measuredangle lozenge bigstar "
        "S P copyright dag ddag circledR degree blacklozenge diamond exists nexists "
        "Finv Game circledS sphericalangle vartriangle triangledown blacktriangle bigcirc male female "
        "asterisk lightning dollar pounds euro",
    ),
    **pairs(
        "name",
        {
            "Alpha": "A", "Beta": "B", "Epsilon": "E", "Zeta": "Z", "Eta": "H", "Iota": "I", "Kappa": "K", "Mu": "M",
            "Nu": "N", "Omicron": "O", "Rho": "P", "Tau": "T", "Chi": "X", "R": "R", "Z": "Z", "N": "N", "Q": "Q",
            "C": "C", "reals": "R", "Reals": "R", "$": "dollar", "#": "#", "&": "&", "_": "_", "%": "%",
            "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "ss": "ß", "l": "ł",
            "L": "Ł", "i": "imath", "j": "jmath", "textquotesingle": "prime", "infin": "infty", "thetasym": "vartheta",
            "alefsym": "aleph", "image": "Im", "real": "Re", "weierp": "wp", "empty": "emptyset", "qed": "square",
            "mathparagraph": "P", "textdegree": "degree",
        },
    ),
}  # fmt: skip
