"""Imports flow one way, and nothing makes mathematics from a string by running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "derive"

# A module imports from its own layer and from those before it.
LAYERS = (
    ("derive", "derive.source", "derive.results"),
    ("derive.documents",),
    ("derive.notation",),
    ("derive.meaning",),
    ("derive.steps",),
    ("derive.refuting",),
    ("derive.proving",),
    ("derive.deciding",),
    ("derive.findings",),
    ("derive.repairing",),
    ("derive.running.options", "derive.running.wire"),
    ("derive.pages",),
    ("derive.checking",),
    ("derive.running",),
    ("derive.reports",),
    ("derive.commands",),
    ("derive.cli", "derive.__main__"),
)
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}

# Imports against the order, each with what it is for: none may be added, and one that is gone must go from here.
EXCEPTIONS: dict[tuple[str, str], str] = {}

FORBIDDEN = frozenset({"sympify", "parse_expr", "parse_latex", "eval", "exec", "compile", "__import__"})
FORBIDDEN_MODULES = frozenset({"pickle", "cPickle", "shelve", "marshal", "dill"})


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def height(name: str) -> int | None:
    """The layer of a module: that of the longest name in the list which it begins with."""
    while name:
        if name in HEIGHT and (name != "derive"):
            return HEIGHT[name]
        name = name.rpartition(".")[0]
    return None


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield (inner if inner in MODULES else module), node.lineno


def test_every_module_has_a_layer() -> None:
    assert [name for name in MODULES if height(name) is None and name != "derive"] == []


@pytest.mark.parametrize("name", [name for name in MODULES if name != "derive"])
def test_imports_flow_one_way(name: str) -> None:
    own = height(name)
    assert own is not None
    upward = []
    for imported, line in imports(MODULES[name]):
        if imported.split(".")[0] != "derive" or imported == "derive":
            continue
        other = height(imported)
        assert other is not None, f"{imported} has no layer"
        if other > own and (name, imported) not in EXCEPTIONS:
            upward.append(f"line {line}: {imported}")
    assert not upward, f"{name} imports from later layers: " + ", ".join(upward)


def test_exceptions_are_needed() -> None:
    for (name, imported), reason in EXCEPTIONS.items():
        assert imported in {module for module, _ in imports(MODULES[name])}, (
            f"{name} no longer imports {imported}: {reason}"
        )


def called(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node.lineno
            elif isinstance(node.func, ast.Attribute):
                owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
                if (owner, node.func.attr) != ("re", "compile"):
                    yield node.func.attr, node.lineno


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_run_that_stands_in_a_text(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    assert [f"line {line}: {call}" for call, line in called(tree) if call in FORBIDDEN] == []
    assert [module for module, _ in imports(MODULES[name]) if module.split(".")[0] in FORBIDDEN_MODULES] == []
