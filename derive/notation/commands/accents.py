"""Accents over (or lines through, braces under) something, and stacks."""

from derive.notation.commands.command import Command, table

ACCENTS = {
    **table(
        "accent",
        "hat bar tilde dot ddot dddot vec overline widehat widetilde mathring underline check breve acute grave "
        "overrightarrow overleftarrow overleftrightarrow underrightarrow underbar widecheck utilde ddddot "
        "overlinesegment wideparen",
    ),
    **table("annotation", "underbrace overbrace underbracket overbracket boxed cancel bcancel xcancel cancelto sout"),
    **table("stack", "overset underset stackrel stackbin"),
}
ACCENTS["fbox"] = Command("annotation", "boxed")
ACCENTS["Aboxed"] = Command("annotation", "boxed")
