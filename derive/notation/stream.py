"""The stream of significant tokens: what each mark and command means, layout left out, prose gathered.

This is the first look at the tokens of a formula. Layout only leaves a `gap` on the token after it; delimiters
and their sizes become `open`, `close`, `left`, `right` and `bar` tokens; prose becomes one `text` token.
"""

from __future__ import annotations

import re

from derive.notation.commands import COMMANDS, ENVIRONMENTS, Command
from derive.notation.commands.characters import ASCII, FULL_WIDTH, SUBSCRIPTS, SUPERSCRIPTS, UNICODE
from derive.notation.commands.layout import LENGTHS
from derive.notation.commands.relations import NEGATED
from derive.notation.feed import Stream
from derive.notation.texts import holds_prose, is_remark, read_text, text_of
from derive.notation.tokens import Token, environment_name

_WORD_KINDS = frozenset({"name", "accent", "font", "upright", "switch", "fraction", "root", "function", "big"})
_DELIMITER_KINDS = frozenset({"open", "close", "bar", "stop", "middle", "rel", "mul"})


def read_stream(raw: list[Token], depth: int = 0) -> list[Token]:
    """The significant tokens among raw ones."""
    s = Stream(raw, depth)
    while s.at < len(raw):
        token = raw[s.at]
        if _read_spaces(s):
            continue
        s.at += 1
        kind = token.kind
        if kind == "letter" or kind == "number":
            s.emit(kind, token, token.text)
        elif kind in ("space", "comment"):
            s.gap = True
        elif kind == "command":
            _read_command(s, token)
        elif kind == "special":
            _read_special(s, token)
        elif kind == "char":
            _read_character(s, token)
        elif kind == "row":
            s.emit("row", token, "")
        elif kind == "begin":
            _read_begin(s, token)
        elif kind == "end":
            s.emit("end", token, environment_name(token))
        else:
            s.emit("bad", token, token.value or "not mathematics")
    return s.out


_WIDTHS = {
    "~": 0.334,
    "\\ ": 0.334,
    "\\,": 0.167,
    "\\:": 0.223,
    "\\>": 0.223,
    "\\;": 0.278,
    "\\enspace": 0.5,
    "\\enskip": 0.5,
}
"""In ems (Knuth, The TeXbook, chapter 18)."""


def _read_spaces(s: Stream) -> bool:
    """Take narrow spaces in a row that are as wide as a quad together: they part statements as a quad does."""
    at, width, last = s.at, 0.0, s.at
    while at < len(s.raw) and ((mark := s.raw[at]).text in _WIDTHS or mark.kind == "space"):
        if mark.kind != "space":
            width, last = width + _WIDTHS[mark.text], at
        at += 1
    if width < 1:
        return False
    first = s.raw[s.at]
    s.at = last + 1
    s.emit("quad", first, "", s.raw[last].end)
    return True


def _read_special(s: Stream, token: Token) -> None:
    if token.text == "{":
        s.braces.append(s.dissolve)
        if s.dissolve:
            s.dissolve = False
            s.gap = True
            return
        s.emit("{", token, "")
    elif token.text == "}":
        if s.braces and s.braces.pop():
            s.gap = True
            return
        s.emit("}", token, "")
    elif token.text == "&":
        s.emit("amp", token, "")
    else:
        s.emit(token.text, token, "")


def _read_begin(s: Stream, token: Token) -> None:
    name = environment_name(token)
    made = s.emit("begin", token, name)
    environment = ENVIRONMENTS.get(name)
    s.take_option()
    for _ in range(environment.arity if environment else 0):
        made.end = s.take_group()[1]


def _read_character(s: Stream, token: Token) -> None:
    text = token.text
    if text == "$":
        return
    text = FULL_WIDTH.get(text, "..." if text.startswith("..") else text)
    command = ASCII.get(text)
    if command is not None:
        _read_mark(s, token, command)
    elif text in UNICODE:
        name = UNICODE[text]
        if name == "surd":
            s.emit("root", token, "surd")
        else:
            _read_named(s, token, name, COMMANDS[name])
    elif text in SUPERSCRIPTS or text in SUBSCRIPTS:
        _read_raised(s, token, text)
    elif text.isalpha() and not _is_ideograph(text):
        s.emit("name", token, text)
    elif text.isalnum() or _is_ideograph(text):
        _read_ideographs(s, token)
    elif text.isspace() or not text.isprintable():
        s.gap = True
    else:
        s.emit("bad", token, "not mathematics")


def _read_mark(s: Stream, token: Token, command: Command) -> None:
    if command.kind == "skip":
        s.gap = True
        return
    previous = s.out[-1] if s.out and not s.gap else None
    if command.value == "=" and previous is not None:
        if previous.kind == "sep" and previous.value == ":":
            previous.kind, previous.value, previous.end, previous.text = "rel", ":=", token.end, ":="
            return
        if previous.kind == "bang" and previous.gap:
            previous.kind, previous.value, previous.end, previous.text = "rel", "≠", token.end, "!="
            return
        if previous.kind == "rel" and previous.text in ("<", ">", "="):
            value = {"<": "≤", ">": "≥", "=": "="}[previous.text]
            previous.value, previous.end, previous.text = value, token.end, previous.text + "="
            return
    if command.value == ":" and previous is not None and previous.text == "=" and previous.value == "=":
        previous.value, previous.end, previous.text = "=:", token.end, "=:"
        return
    if command.kind == "rel" and command.value in "=<>" and s.out and s.out[-1].kind == "not":
        _negate(s, token, command.value)
        return
    if command.value == ">" and previous is not None and previous.text in ("-", "="):
        value = "→" if previous.text == "-" else "⇒"
        previous.kind, previous.value, previous.end, previous.text = "rel", value, token.end, previous.text + ">"
        return
    s.emit(command.kind, token, command.value)


def _negate(s: Stream, token: Token, sign: str) -> None:
    made = s.out[-1]
    made.kind, made.end = "rel", token.end
    made.value = NEGATED.get(sign, "\\not" + (sign if sign.startswith("\\") else " " + sign))


def _read_raised(s: Stream, token: Token, text: str) -> None:
    raised = text in SUPERSCRIPTS
    table = SUPERSCRIPTS if raised else SUBSCRIPTS
    first = s.at
    digits = [text]
    while s.at < len(s.raw) and s.raw[s.at].text in table:
        digits.append(s.raw[s.at].text)
        s.at += 1
    end = s.raw[s.at - 1].end if s.at > first else token.end
    s.emit("^" if raised else "_", token, "", end)
    s.emit("{", token, "", end)
    for character in digits:
        plain = table[character]
        kind = "number" if plain.isdigit() else "add" if plain in "+-" else "letter"
        if kind == "number" and s.out[-1].kind == "number":
            s.out[-1].text += plain
            s.out[-1].value += plain
        else:
            s.emit(kind, Token(kind, plain, token.start, end), plain)
    s.emit("}", token, "", end)


def _is_ideograph(text: str) -> bool:
    return "\u2e80" <= text <= "\u9fff" or "\uac00" <= text <= "\ud7af" or "\uf900" <= text <= "\ufaff"


def _read_ideographs(s: Stream, token: Token) -> None:
    if s.out and s.out[-1].kind == "text" and s.out[-1].text == "ideographs" and s.out[-1].end == token.start:
        s.out[-1].value += token.text
        s.out[-1].end = token.end
        return
    s.emit("text", token, token.text).text = "ideographs"


def _read_command(s: Stream, token: Token) -> None:
    name = token.text[1:]
    command = COMMANDS.get(name)
    if command is None:
        if not _read_remark(s, token):
            s.emit("unknown", token, name)
        return
    _read_named(s, token, name, command)


def _read_named(s: Stream, token: Token, name: str, command: Command) -> None:
    kind = command.kind
    if kind == "upright" and holds_prose(s, name):
        _read_text(s, token, "text")
    elif kind in _WORD_KINDS:
        s.emit(kind, token, command.value)
    elif kind == "rel" and s.out and s.out[-1].kind == "not":
        _negate(s, token, command.value)
    elif kind == "skip" or kind == "keep":
        _skip(s, token, name, command)
    elif kind == "size":
        _read_size(s, token, command.value)
    elif kind in ("text", "intertext"):
        _read_text(s, token, kind)
    elif kind == "reference":
        group, end = s.take_group()
        s.emit("text", token, text_of(group), end)
    elif kind == "tag":
        if s.at < len(s.raw) and s.raw[s.at].text == "*":
            s.at += 1
        group, end = s.take_group()
        s.emit("tag", token, command.value, end).text = text_of(group)
    elif kind == "row":
        s.emit("row", token, "")
    else:
        s.emit(kind, token, command.value)


_EMS = {"em": 1.0, "ex": 0.43, "pt": 0.1, "in": 7.2, "cm": 2.8, "mm": 0.28, "mu": 0.055}


def _is_wide(said: str) -> bool:
    """Whether a length is a quad or more, by which people part one statement from the next."""
    match = re.fullmatch(r"\s*([0-9]*\.?[0-9]+)\s*(em|ex|pt|in|cm|mm|mu)\s*", said)
    return match is not None and float(match[1]) * _EMS[match[2]] >= 1


def _skip(s: Stream, token: Token, name: str, command: Command) -> None:
    s.gap = True
    if name in ("hspace", "mspace"):
        if s.at < len(s.raw) and s.raw[s.at].text == "*":
            s.at += 1
        group, end = s.take_group()
        if _is_wide("".join(t.text for t in group)):
            s.emit("quad", token, "", end)
        return
    if name in LENGTHS:
        s.skip_space()
        if s.at < len(s.raw) and s.raw[s.at].text == "=":
            s.at += 1
            s.skip_space()
        while s.at < len(s.raw) and (s.raw[s.at].kind == "number" or s.raw[s.at].text in ".-+"):
            s.at += 1
        s.skip_space()
        if s.at + 1 < len(s.raw) and s.raw[s.at].text + s.raw[s.at + 1].text in ("em", "ex", "pt", "mu", "cm", "mm"):
            s.at += 2
        return
    if command.arity or command.kind == "keep":
        if s.at < len(s.raw) and s.raw[s.at].text == "*":
            s.at += 1
        if command.arity:
            s.take_option()
        for _ in range(command.arity):
            s.take_group()
    elif name in ("displaybreak", "linebreak", "pagebreak"):
        s.take_option()
    if command.kind == "keep":
        at = s.at
        s.skip_space()
        if s.at < len(s.raw) and s.raw[s.at].text == "{":
            s.dissolve = True
        s.at = at if not s.dissolve else s.at


def _read_size(s: Stream, token: Token, side: str) -> None:
    s.skip_space()
    if s.at >= len(s.raw):
        s.emit("bad", token, "no delimiter after it")
        return
    mark = s.raw[s.at]
    command = COMMANDS.get(mark.text[1:]) if mark.kind == "command" else ASCII.get(FULL_WIDTH.get(mark.text, mark.text))
    if command is None and mark.text in UNICODE:
        command = COMMANDS[UNICODE[mark.text]]
    if command is None or command.kind not in _DELIMITER_KINDS:
        if side in ("left", "right", "middle"):
            s.emit("bad", token, "no delimiter after it")
        return
    s.at += 1
    value = {"‖": "||", "\\setminus": "\\"}.get(command.value, command.value)
    if command.kind == "mul":
        s.emit("mul", token, command.value, mark.end)
        return
    if side in ("left", "right"):
        s.emit(side, token, value, mark.end)
    elif side == "middle" or side == "between":
        s.emit("sep" if value in ("|", "||") else "mul", token, value, mark.end)
    elif side and command.kind in ("bar", "open", "close", "rel"):
        s.emit(side, token, value, mark.end)
    elif command.kind == "rel":
        s.emit("open" if value == "<" else "close", token, value, mark.end)
    else:
        s.emit(command.kind, token, command.value, mark.end)


_LONGEST_REMARK = 500


def _read_remark(s: Stream, token: Token) -> bool:
    """Take an unknown command at the end of a row, whose arguments are prose (an author's own for a comment), as that
    prose."""
    first = s.at
    groups = s.groups_ahead(_LONGEST_REMARK)
    s.at += sum(len(group) + 2 for group in groups)
    s.skip_space()
    after = s.raw[s.at] if s.at < len(s.raw) else None
    last = after is None or after.kind in ("row", "end") or _lays_out(after)
    s.at = first
    if not groups or not last or not is_remark(groups):
        return False
    for _ in groups:
        _read_text(s, token, "text")
    return True


def _lays_out(token: Token) -> bool:
    """Whether a command only says how a row is set or called: `\\nonumber`, `\\label{eq:a}`."""
    command = COMMANDS.get(token.text[1:]) if token.kind == "command" else None
    return command is not None and command.kind in ("skip", "tag", "quad")


def _read_text(s: Stream, token: Token, kind: str) -> None:
    read_text(s, token, kind, read_stream)
