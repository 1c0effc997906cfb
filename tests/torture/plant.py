"""Plants a bug at run time: a function's source with a few words changed, in the place of it."""

import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import reduce
from typing import Any


@dataclass(frozen=True)
class Edit:
    """`where`: module and, after a colon, the function in it, or a constant to be set to `new`."""

    where: str
    old: str
    new: str


@contextmanager
def planted(*edits: Edit) -> Iterator[None]:
    """The bug stands while this is entered."""
    with ExitStack() as stack:
        for edit in edits:
            stack.enter_context(_one(edit))
        yield


@contextmanager
def _one(edit: Edit) -> Iterator[None]:
    module_name, _, path = edit.where.partition(":")
    module = importlib.import_module(module_name)
    *owners, name = path.split(".")
    owner: Any = reduce(getattr, owners, module)
    whole = owner.__dict__[name]
    names = getattr(whole, "__globals__", vars(module))
    setattr(owner, name, _changed(whole, edit, names))
    try:
        yield
    finally:
        setattr(owner, name, whole)


def _changed(whole: Any, edit: Edit, names: dict[str, Any]) -> Any:
    if not edit.old:
        return eval(edit.new, names)
    source = textwrap.dedent(inspect.getsource(whole))
    if source.count(edit.old) != 1:
        raise LookupError(f"{edit.where} does not hold this once: {edit.old!r}")
    space: dict[str, Any] = {}
    exec(compile(source.replace(edit.old, edit.new), edit.where, "exec"), names, space)
    [changed] = space.values()
    return changed
