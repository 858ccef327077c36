"""Text with colours, where they are wanted, in the encoding that it will be written in."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from derive.reports.encodings import fit_encoding
from derive.reports.settings import Settings

NARROWEST = 60
"""Columns below which text is not squeezed."""


def width_of(settings: Settings) -> int:
    """The columns that there are."""
    return max(NARROWEST, settings.width)


def render(lines: Iterable[Text], settings: Settings) -> str:
    """The lines as text, with terminal colours if asked for."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width_of(settings),
        force_terminal=settings.colour,
        color_system="standard" if settings.colour else None,
        no_color=not settings.colour,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for line in lines:
        line.rstrip()
        console.print(line, soft_wrap=True)
    return fit_encoding(stream.getvalue(), settings.encoding)
