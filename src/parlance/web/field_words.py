"""What is written under the fields of a struct, for the API's description.

msgspec says of a struct what its types say. What its fields mean stands in the source, as a string below
each, where it is read by people; this reads it for machines.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any, get_origin

import msgspec


def words_of(struct: type) -> dict[str, str]:
    """The strings below a struct's fields, by the fields' encoded names; {} where there is no source."""
    words: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        if base is not msgspec.Struct and issubclass(base, msgspec.Struct):
            words.update(_written(base))
    names = {field.name: field.encode_name for field in msgspec.structs.fields(struct)}
    return {names[name]: said for name, said in words.items() if name in names}


def structs_in(declared: Any) -> Iterator[type]:
    """Every struct that a type speaks of, itself included."""
    yield from _structs(msgspec.inspect.type_info(declared), set())


def _structs(info: Any, seen: set[type]) -> Iterator[type]:
    if isinstance(info, msgspec.inspect.StructType):
        struct: type = get_origin(info.cls) or info.cls
        if struct not in seen:
            seen.add(struct)
            yield struct
        for field in info.fields:
            yield from _structs(field.type, seen)
    for inner in ("type", "item_type", "value_type"):
        if hasattr(info, inner):
            yield from _structs(getattr(info, inner), seen)
    for inner in getattr(info, "types", ()):
        yield from _structs(inner, seen)


def _written(struct: type) -> dict[str, str]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(struct)))
    except (OSError, TypeError):
        return {}
    found = tree.body[0]
    if not isinstance(found, ast.ClassDef):
        return {}
    words = {}
    for field, said in zip(found.body, found.body[1:], strict=False):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        if isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant) and isinstance(said.value.value, str):
            words[field.target.id] = inspect.cleandoc(said.value.value)
    return words
