"""The commands of LaTeX mathematics, one table a family: a new command is one line in one of these files."""

from derive.notation.commands.accents import ACCENTS
from derive.notation.commands.command import Command
from derive.notation.commands.delimiters import DELIMITERS, SIZES
from derive.notation.commands.environments import ENVIRONMENTS
from derive.notation.commands.fonts import FONTS
from derive.notation.commands.functions import FUNCTIONS
from derive.notation.commands.layout import LAYOUT
from derive.notation.commands.letters import LETTERS
from derive.notation.commands.operators import OPERATORS
from derive.notation.commands.prose import PROSE
from derive.notation.commands.relations import RELATIONS

COMMANDS: dict[str, Command] = {
    **LETTERS,
    **FUNCTIONS,
    **OPERATORS,
    **RELATIONS,
    **ACCENTS,
    **FONTS,
    **PROSE,
    **DELIMITERS,
    **SIZES,
    **LAYOUT,
}
"""Every command that is known, by its name without the backslash. Where families overlap the later one wins."""

__all__ = ["COMMANDS", "ENVIRONMENTS", "Command"]
