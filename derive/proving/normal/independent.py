"""Independence as it is said: which joint densities are products.

Variables that are independent have the product of their densities for a joint one, given the parameters of their law;
those that are independent given others have it given these (Grimmett and Stirzaker, Probability and Random Processes,
3.2, 4.2). Nothing follows for them given anything else. Members of a family that have one law are one variable, where
they stand alone."""

from __future__ import annotations

from sympy import Symbol

from derive.meaning.independence import Independence
from derive.meaning.laws import COMMON, Law, Slot, Variable
from derive.meaning.question import Setting

ANY = Symbol("\N{BULLET}")  # the index of any member of a family that have one law


class Independent:
    """What a setting says of independence."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._chances = setting.chances
        self._claims = [(claim, self._variables(claim.names)) for claim in setting.independent]

    def _variables(self, names: tuple[str, ...]) -> frozenset[str]:
        return frozenset(self._chances.variable(name) for name in names)

    def split(self, law: Law, slots: list[Slot]) -> tuple[list[Slot], list[Slot], Independence] | None:
        """The slots that are independent of each other, those that all of them are given, and by what claim; None where
        there is none."""
        if law.name != COMMON:
            return None
        for claim, names in self._claims:
            own = [slot for slot in slots if slot.variable.name in names]
            shared = [slot for slot in slots if slot not in own]
            families = self._variables(tuple(claim.families))
            by_name = {slot.variable.name for slot in own}
            if len(own) < 2 or any(
                len([s for s in own if s.variable.name == name]) > 1 and name not in families for name in by_name
            ):
                continue
            given = self._variables(claim.given)
            rest = {slot.variable.name for slot in shared if not self._chances.is_parameter(slot.variable.name)}
            if rest == given or (not given and claim.identical and all(_is_greek(name) for name in rest)):
                return own, shared, claim
        return None

    def alike(self, slot: Slot) -> Slot:
        """The slot of any member of the family, where all of them have one law."""
        variable = slot.variable
        for claim, _ in self._claims:
            if claim.identical and variable.indices and variable.name in self._variables(tuple(claim.families)):
                return Slot(Variable(variable.args[0], ANY), slot.value)
        return slot


def _is_greek(name: str) -> bool:
    return name.startswith("\\") and "{" not in name
