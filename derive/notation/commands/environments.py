"""Environments: how each lays out its rows. `arity` counts the arguments after `\\begin{name}` that are layout."""

from derive.notation.commands.command import Command, pairs

ENVIRONMENTS = {
    **pairs(
        "aligned",
        {
            "aligned align split gathered gather equation eqnarray multline multlined displaymath math "
            "flalign dmath IEEEeqnarray subequations alignedat alignat xalignat dgroup lgathered rgathered small "
            "center mathpar empheq": "",
        },
    ),
    **pairs(
        "matrix",
        {
            "matrix array smallmatrix tabular darray subarray": ".",
            "pmatrix psmallmatrix": "(",
            "bmatrix bsmallmatrix": "[",
            "Bmatrix Bsmallmatrix": "{",
            "vmatrix vsmallmatrix": "|",
            "Vmatrix Vsmallmatrix": "||",
        },
    ),
    **pairs("cases", {"cases dcases rcases drcases numcases subnumcases": "{"}),
}
for _name, _arity in {"array": 1, "tabular": 1, "darray": 1, "subarray": 1, "alignedat": 1, "alignat": 1, "xalignat": 1,
                      "IEEEeqnarray": 1, "empheq": 1, "numcases": 1, "subnumcases": 1}.items():  # fmt: skip
    ENVIRONMENTS[_name] = Command(ENVIRONMENTS[_name].kind, ENVIRONMENTS[_name].value, _arity)
