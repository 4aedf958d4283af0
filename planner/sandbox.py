"""A Jinja sandbox in which no template can run for long or make much text.

Jinja's own sandbox keeps a template away from the computer, but not from its time and memory:
`'x' * 10 ** 9`, `{:>999999999}`, nested loops, a join of joins.  Python cannot stop running
code, so nothing large may begin.  Everything that a template does goes through one of a few
doors, and each door charges the budget of this rendering first:

- for an operator, call or filter, it weighs the arguments, estimates the largest possible
  result (a width, or one text inserted at each place of another), and weighs the result;
- a loop pays for all of its rounds before the first one;
- each piece of output counts, and so does each included template;
- each door checks the processor's time, not the clock's, so that a busy machine is no fault.

The weight of a value is the number of its characters and elements, when written out.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes, pass_context
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedFormatter
from jinja2.visitor import NodeTransformer

SECONDS = 2.0  # of the processor, for one rendering
OUTPUT = 200_000  # characters that one rendering may write
SOURCE = 100_000  # bytes of one template
ROUNDS = 100_000  # of all loops and calls in one rendering
WEIGHT = 200_000  # of one value
PRODUCT = 1_000_000  # of two weights, if one text may be inserted at each place of another
WIDEST = 1_000  # columns that a format may pad to
LARGEST = 10**18

# The filters that a letter may use; those that write JSON, HTML or URLs are left out.
FILTERS = (
    *("abs", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e", "escape"),
    *("first", "float", "format", "groupby", "indent", "int", "items", "join", "last", "length"),
    *("list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round"),
    *("safe", "select", "selectattr", "slice", "sort", "string", "title", "trim", "truncate"),
    *("unique", "upper", "wordcount", "wordwrap"),
)
GLOBALS = ("range", "dict", "namespace", "joiner", "cycler")
# Filters and methods that pad, or insert one text at each place of another.
MULTIPLYING = frozenset(
    {"batch", "center", "expandtabs", "format", "indent", "join", "ljust", "replace", "rjust"}
    | {"round", "slice", "translate", "wordwrap", "zfill"}
)
# Methods that no letter needs, and whose cost cannot be estimated.
FORBIDDEN = frozenset({"encode", "format_map", "to_bytes"})


class LimitError(Exception):
    """A template does more than a letter needs; the message says what."""


TOO_MUCH = f"it makes a text of more than {WEIGHT:,} characters"


class Budget:
    """What one rendering may still do."""

    def __init__(self) -> None:
        self._until = time.process_time() + SECONDS
        self._rounds, self._output = ROUNDS, OUTPUT

    def tick(self, rounds: int = 1) -> None:
        """Pay for some rounds.  Raises LimitError if the rounds or the time are used up."""
        self._rounds -= rounds
        if self._rounds < 0:
            raise LimitError(f"it repeats something more than {ROUNDS:,} times")
        if time.process_time() > self._until:
            raise LimitError(f"it takes more than {SECONDS:g} seconds")

    def write(self, text: str) -> str:
        """Pay for some output.  Raises LimitError if it is too much."""
        self.tick()
        self._output -= len(text)
        if self._output < 0:
            raise LimitError(f"it writes more than {OUTPUT:,} characters")
        return text


def weigh(*values: object) -> int:
    """Return the weight of some values together.

    Raises LimitError as soon as it exceeds WEIGHT; a list may contain itself many times.
    """
    weight, waiting = 0, list(values)
    while waiting:
        value = waiting.pop()
        weight += _own_weight(value)
        if weight > WEIGHT:
            raise LimitError(TOO_MUCH)
        if isinstance(value, Mapping):
            waiting.extend(value.items())
        elif isinstance(value, tuple | list | set | frozenset):
            waiting.extend(value)
    return weight


def _own_weight(value: object) -> int:
    if isinstance(value, str | range):
        return len(value)
    if isinstance(value, int) and abs(value) > LARGEST:
        raise LimitError(f"it makes a number beyond {LARGEST:,}")
    return 1


def _estimate(*values: object) -> None:
    """Raise LimitError if one of these, inserted at each place of another, is too much."""
    sizes = sorted(abs(v) if isinstance(v, int) else weigh(v) for v in (1, 1, *values))
    if sizes[-1] * sizes[-2] > PRODUCT:
        raise LimitError(TOO_MUCH)


def _settled(value: Any) -> Any:
    """Weigh a result and return it; an iterator is first collected, up to the limit."""
    if isinstance(value, Iterator):
        collected: list[object] = []
        for item in value:
            collected.append(item)
            if len(collected) > WEIGHT:
                break
        value = collected
    weigh(value)
    return value


# The widths in "%10.3s %*d": "10.3" and "*", between the percent sign and the letter.
_PERCENT = re.compile(r"%(?:\([^)]*\))?[-#0 +]*([0-9*]*\.?[0-9*]*)")


def _refuse_wide(spec: str) -> None:
    """Raise LimitError if a format pads to more columns than WIDEST.

    >>> _refuse_wide(">40")
    """
    for width in re.findall(r"\d+|\*", spec):
        if width == "*" or len(width) > 6 or int(width) > WIDEST:
            raise LimitError(f"it pads to more than {WIDEST:,} columns")


def _refuse_wide_percent(text: object) -> None:
    for spec in _PERCENT.findall(text) if isinstance(text, str) else ():
        _refuse_wide(spec)


class _Formatter(SandboxedFormatter):
    """`str.format` that pads to at most WIDEST columns."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        """Format one value; by now, nested fields of the spec are filled in."""
        _refuse_wide(format_spec)
        return super().format_field(value, format_spec)


class _Doors(NodeTransformer):
    """Adds doors where Jinja has none: at loops, output, and assigned values."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - jinja2's name
        """Pay for the rounds of a loop."""
        self.generic_visit(node)
        node.iter = _through("_rounds", node.iter)
        return node

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        """Count the output, including the template's own text."""
        self.generic_visit(node)
        node.nodes = [_through("_written", child) for child in node.nodes]
        return node

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:  # noqa: N802
        """Treat the template's own text like any other output."""
        return nodes.Const(node.data, lineno=node.lineno)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """Turn `a ~ b` into a join of both."""
        self.generic_visit(node)
        return _through("join", nodes.List(node.nodes, lineno=node.lineno))

    def visit_Assign(self, node: nodes.Assign) -> nodes.Node:  # noqa: N802
        """Weigh an assigned value."""
        self.generic_visit(node)
        node.node = _through("_kept", node.node)
        return node

    def visit_With(self, node: nodes.With) -> nodes.Node:  # noqa: N802
        """Weigh the values of a `with` block."""
        self.generic_visit(node)
        node.values = [_through("_kept", value) for value in node.values]
        return node


def _through(name: str, node: nodes.Node) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


class _Generator(CodeGenerator):
    """Compiles a template with its doors."""

    def visit_Template(  # noqa: N802 - jinja2's name
        self, node: nodes.Template, frame: Any = None
    ) -> None:
        """Add the doors, then compile."""
        _Doors().visit(node)
        node.set_environment(self.environment)
        super().visit_Template(node, frame)


class _Loader(FileSystemLoader):
    """Reads templates from folders; refuses one that is longer than any letter needs."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Read a template.  Raises LimitError if it is longer than SOURCE."""
        for folder in self.searchpath:
            path = Path(folder, template)
            if path.is_file() and path.stat().st_size > SOURCE:
                raise LimitError(f"it is longer than {SOURCE:,} bytes")
        return super().get_source(environment, template)


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of templates: strict, and on a budget."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "**", "%"})

    def __init__(self, folders: Sequence[Path], own: Mapping[str, Callable[[str], str]]) -> None:
        """`own` are the program's own filters, by name."""
        super().__init__(loader=_Loader(folders), undefined=StrictUndefined, autoescape=False)
        self._budget = Budget()
        self.globals = {name: self.globals[name] for name in GLOBALS}
        allowed = {**{name: self.filters[name] for name in FILTERS}, **own}
        self.filters = {name: self._door(name, function) for name, function in allowed.items()}
        # Jinja never runs filters that take the context at compile time.
        self.filters["_written"] = pass_context(lambda _, value: self._written(value))
        self.filters["_rounds"] = pass_context(lambda _, value: self._rounds(value))
        self.filters["_kept"] = pass_context(lambda _, value: self._kept(value))

    def written(self, name: str, facts: Mapping[str, str]) -> str:
        """Render a template on a new budget.

        Raises LimitError, and what Jinja raises if a template is wrong.
        """
        self._budget = Budget()
        return self.get_template(name).render(dict(facts))

    def _written(self, value: Any) -> str:
        weigh(value)
        return self._budget.write(str(value))

    def _rounds(self, value: Any) -> Any:
        rounds = _settled(value if isinstance(value, str | Mapping) else iter(value))
        self._budget.tick(len(rounds))
        return rounds

    def _kept(self, value: Any) -> Any:
        self._budget.tick()
        return _settled(value)

    def get_template(self, *args: Any, **options: Any) -> Template:
        """Pay for each included template, since it may include others, or itself."""
        self._budget.tick()
        return super().get_template(*args, **options)

    def select_template(self, *args: Any, **options: Any) -> Template:
        """The same, for an include with several names."""
        self._budget.tick()
        return super().select_template(*args, **options)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Apply an operator within the budget."""
        self._budget.tick()
        weigh(left, right)
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "**" and numbers and abs(right) > 64:
            raise LimitError(f"it makes a number beyond {LARGEST:,}")
        if operator in "*%" and not numbers:
            _refuse_wide_percent(left if operator == "%" else None)
            _estimate(left, right)
        return _settled(super().call_binop(context, operator, left, right))

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a method, macro or block within the budget."""
        self._budget.tick()
        name = getattr(obj, "__name__", "")
        if name in FORBIDDEN:
            raise LimitError(f"no letter needs {name}()")
        _enter(name, getattr(obj, "__self__", ""), *args, *kwargs.values())
        return _settled(super().call(context, obj, *args, **kwargs))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Return `str.format` for a template, limited to a padding of WIDEST."""
        if super().wrap_str_format(value) is None:
            return None
        text: str = value.__self__

        @wraps(value)
        def bounded(*args: Any, **kwargs: Any) -> str:
            _enter("format", text, *args, *kwargs.values())
            return _Formatter(self).vformat(text, args, kwargs)

        return bounded

    def _door(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Put a filter behind a door; `wraps` keeps Jinja's mark that it takes the context."""

        @wraps(function)
        def bounded(*args: Any, **kwargs: Any) -> Any:
            self._budget.tick()
            inner = (Context, nodes.EvalContext, Environment)
            given = [arg for arg in args if not isinstance(arg, inner)]
            _enter(name, *given, *kwargs.values())
            if name == "format":
                _refuse_wide_percent(given[0])
            return _settled(function(*args, **kwargs))

        return bounded


def _enter(name: str, *values: Any) -> None:
    """Weigh the arguments of a call or filter, and estimate the largest possible result."""
    weigh(*values)
    if name in MULTIPLYING:
        _estimate(*values)
