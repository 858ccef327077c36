"""Which text inside a formula is an identifier and which is prose, and which prose begins a condition."""

from __future__ import annotations

import re

from derive.notation.commands.command import words
from derive.notation.commands.prose import CONDITION_WORDS, PROSE_WORDS
from derive.notation.tokens import Token

_BEFORE_NAME = words("rel signed arrow add mul open left function big { _ ^ sep")
_AFTER_NAME = words("rel signed arrow add mul close right sep stop row amp tag _ ^")
_ENDINGS = ("当", "若", "其中", "for", " if", "where", "when", "for all")
_WORD = re.compile(r"[\w.\-]+\Z")
_WORDS = "|".join(re.escape(word) for word in CONDITION_WORDS if word.isascii())
_CONDITION = re.compile(rf"[\s,.;(]*(?:and\s+|or\s+|so\s+)?(?:{_WORDS})(?![a-zA-Z])", re.IGNORECASE)
_IDEOGRAPHS = tuple(word for word in CONDITION_WORDS if not word.isascii())


def is_name(token: Token, before: Token | None, after: Token | None, in_script: bool) -> bool:
    """Whether a text token, with its neighbours in the same group, stands as an identifier."""
    said = token.value.strip()
    if not said:
        return False
    if in_script and before is None and after is None:
        return True
    if said.lower().rstrip(",.:;") in PROSE_WORDS or said[-1] in ",:;" or begins_condition(said):
        return False
    if after is not None and after.kind in ("_", "^"):
        return True
    if after is not None and after.kind in ("open", "left") and not token.value[-1].isspace():
        return " " not in said or before is None or before.kind in _BEFORE_NAME
    opens = before is None or before.kind in _BEFORE_NAME
    shuts = after is None or after.kind in _AFTER_NAME
    if opens and shuts:
        return before is not None or after is None or after.kind not in ("row", "sep", "stop", "tag")
    if said != token.value or not _WORD.match(said) or not said[0].isalpha() or not said.isascii():
        return False
    return opens or ((in_script or (before is not None and not token.gap)) and shuts)


def begins_condition(said: str) -> bool:
    """Whether prose says that what follows is a condition: `for`, `if`, `where`, 当, …"""
    if _CONDITION.match(said):
        return True
    return said.strip(" ，,。").startswith(_IDEOGRAPHS) or said.rstrip().endswith(_ENDINGS)
