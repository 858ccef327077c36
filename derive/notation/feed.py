"""The raw tokens of a formula being read, and the significant ones made from them so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.notation.tokens import Token


@dataclass
class Stream:
    """Raw tokens being read: `out` holds what was found so far."""

    raw: list[Token]
    depth: int = 0
    out: list[Token] = field(default_factory=list)
    at: int = 0
    gap: bool = False
    braces: list[bool] = field(default_factory=list)
    dissolve: bool = False

    def emit(self, kind: str, token: Token, value: str, end: int | None = None) -> Token:
        """Add one significant token made from a raw one."""
        made = Token(kind, token.text, token.start, token.end if end is None else end, value)
        made.gap = self.gap
        self.gap = False
        self.out.append(made)
        return made

    def skip_space(self) -> None:
        """Step over white space and comments."""
        while self.at < len(self.raw) and self.raw[self.at].kind in ("space", "comment"):
            self.at += 1

    def take_group(self) -> tuple[list[Token], int]:
        """The raw tokens of the next argument, and where in the text it ends."""
        self.skip_space()
        if self.at >= len(self.raw):
            return [], self.raw[-1].end
        token = self.raw[self.at]
        if token.text == "}":
            return [], token.start
        self.at += 1
        if token.text != "{":
            return [token], token.end
        return self._until("{", "}")

    def groups_ahead(self, most: int) -> list[list[Token]]:
        """The groups in braces that follow directly, without stepping over them; none where one of them has no end
        within so many tokens."""
        groups: list[list[Token]] = []
        at = first = self.at
        while at < len(self.raw) and self.raw[at].text == "{" and at - first < most:
            level = 0
            for k in range(at, min(len(self.raw), at + most)):
                level += (self.raw[k].text == "{") - (self.raw[k].text == "}")
                if not level:
                    break
            if level:
                return []
            groups.append(self.raw[at + 1 : k])
            at = k + 1
        return groups

    def take_option(self) -> None:
        """Step over an argument in brackets, if one follows directly."""
        at = self.at
        self.skip_space()
        if self.at < len(self.raw) and self.raw[self.at].text == "[":
            self.at += 1
            self._until("[", "]")
        else:
            self.at = at

    def _until(self, opening: str, closing: str) -> tuple[list[Token], int]:
        first = self.at
        level = 1
        while self.at < len(self.raw):
            token = self.raw[self.at]
            self.at += 1
            if token.text == opening:
                level += 1
            elif token.text == closing:
                level -= 1
                if not level:
                    return self.raw[first : self.at - 1], token.end
        return self.raw[first:], self.raw[-1].end
