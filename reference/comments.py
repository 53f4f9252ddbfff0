"""What the code says of its own names: the `#:` lines above them."""

import ast
import inspect
from pathlib import Path


def comments_of(cls: type) -> dict[str, str]:
    """Return what stands above each field or member of a class, without addresses of sources.

    Raises:
        SystemExit: nothing stands above one of them.
    """
    path = Path(inspect.getfile(cls))
    lines = path.read_text(encoding="utf-8").splitlines()
    comments: dict[str, str] = {}
    for name, number in _names(ast.parse("\n".join(lines)), cls.__name__):
        above: list[str] = []
        while (line := lines[number - 2 - len(above)].strip()).startswith("#: "):
            above.insert(0, line.removeprefix("#: "))
        said = [line for line in above if not line.startswith("https://")]
        if not said:
            raise SystemExit(f"{path}:{number}: say above `{name}` what it means, after `#:`")
        comments[name] = " ".join(said).rstrip(":")
    return comments


def _names(module: ast.Module, class_name: str) -> list[tuple[str, int]]:
    [body] = [
        node.body
        for node in module.body
        if isinstance(node, ast.ClassDef) and node.name == class_name
    ]
    names: list[tuple[str, int]] = []
    for statement in body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.append((name, statement.lineno))
            case ast.Assign(targets=[ast.Name(id=name)]) if name != "model_config":
                names.append((name, statement.lineno))
    return names
