"""A Jinja sandbox in which no template can run for long or make much text.

Jinja's own sandbox keeps a template away from the computer, not from its time and memory:
`'x' * 10 ** 9`, `{:>999999999}`, loops within loops, a join of joins.  Python cannot stop
code that runs, so nothing large is begun here.  Whatever a template does goes through one
of a few doors, and each of them asks the budget of this rendering first:

- an operator, a call, a filter: what goes in is weighed, what may come out is estimated
  (a width, or one text put into each place of another), what came out is weighed again;
- a loop pays for all of its rounds before the first;
- each piece of output is counted, and each template that is taken in;
- each door looks at the clock: that of the processor, since a busy machine is not a fault.

A weight is the number of characters and elements of a value, as they would be written out.
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
ROUNDS = 100_000  # of all loops and calls of a rendering
WEIGHT = 200_000  # of one value
PRODUCT = 1_000_000  # of two weights, where one text may go into each place of another
WIDEST = 1_000  # columns to which a format may fill up
LARGEST = 10**18

# What a letter may be made with; filters that write JSON, HTML or URLs are left out.
FILTERS = (
    *("abs", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e", "escape"),
    *("first", "float", "format", "groupby", "indent", "int", "items", "join", "last", "length"),
    *("list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round"),
    *("safe", "select", "selectattr", "slice", "sort", "string", "title", "trim", "truncate"),
    *("unique", "upper", "wordcount", "wordwrap"),
)
GLOBALS = ("range", "dict", "namespace", "joiner", "cycler")
# Filters and methods that fill up, or put one text into each place of another.
MULTIPLYING = frozenset(
    {"batch", "center", "expandtabs", "format", "indent", "join", "ljust", "replace", "rjust"}
    | {"round", "slice", "translate", "wordwrap", "zfill"}
)
# Methods that make no text of a letter, and whose cost cannot be told beforehand.
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
        """Pay for some rounds.  Raises LimitError if they, or the time, are used up."""
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
    """The weight of some values together.

    Raises LimitError for more than WEIGHT, and looks no further then: a list may hold
    itself many times over.
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
    """Raise LimitError if one of these, put into each place of another, is too much."""
    sizes = sorted(abs(v) if isinstance(v, int) else weigh(v) for v in (1, 1, *values))
    if sizes[-1] * sizes[-2] > PRODUCT:
        raise LimitError(TOO_MUCH)


def _settled(value: Any) -> Any:
    """A result, weighed; one that comes piece by piece is collected, as far as allowed."""
    if isinstance(value, Iterator):
        collected: list[object] = []
        for item in value:
            collected.append(item)
            if len(collected) > WEIGHT:
                break
        value = collected
    weigh(value)
    return value


# The widths of "%10.3s %*d": whatever stands between a percent sign and its letter.
_PERCENT = re.compile(r"%(?:\([^)]*\))?[-#0 +]*([0-9*]*\.?[0-9*]*)")


def _refuse_wide(spec: str) -> None:
    """Raise LimitError for a format that fills up to more columns than any line has.

    >>> _refuse_wide(">40")
    """
    for width in re.findall(r"\d+|\*", spec):
        if width == "*" or len(width) > 6 or int(width) > WIDEST:
            raise LimitError(f"it fills up to more than {WIDEST:,} columns")


def _refuse_wide_percent(text: object) -> None:
    for spec in _PERCENT.findall(text) if isinstance(text, str) else ():
        _refuse_wide(spec)


class _Formatter(SandboxedFormatter):
    """`str.format` that fills up to no more than WIDEST."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        """Format one value; the spec is complete by now, whatever it was made from."""
        _refuse_wide(format_spec)
        return super().format_field(value, format_spec)


class _Doors(NodeTransformer):
    """Puts doors where Jinja has none: at loops, output, and values that get a name."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - jinja2's name
        """The rounds of a loop are paid for."""
        self.generic_visit(node)
        node.iter = _through("_rounds", node.iter)
        return node

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        """What is written is counted, the template's own text, too."""
        self.generic_visit(node)
        node.nodes = [_through("_written", child) for child in node.nodes]
        return node

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:  # noqa: N802
        """The template's own text is a text like any other."""
        return nodes.Const(node.data, lineno=node.lineno)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """`a ~ b` is a join of both."""
        self.generic_visit(node)
        return _through("join", nodes.List(node.nodes, lineno=node.lineno))

    def visit_Assign(self, node: nodes.Assign) -> nodes.Node:  # noqa: N802
        """What gets a name is weighed."""
        self.generic_visit(node)
        node.node = _through("_kept", node.node)
        return node

    def visit_With(self, node: nodes.With) -> nodes.Node:  # noqa: N802
        """What gets a name for a while is weighed."""
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
        """Put the doors in, then compile."""
        _Doors().visit(node)
        node.set_environment(self.environment)
        super().visit_Template(node, frame)


class _Loader(FileSystemLoader):
    """Reads templates from folders, and none that is longer than a letter could need."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template.  Raises LimitError for one that is too long."""
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
        """`own` are filters of ours, by name."""
        super().__init__(loader=_Loader(folders), undefined=StrictUndefined, autoescape=False)
        self._budget = Budget()
        self.globals = {name: self.globals[name] for name in GLOBALS}
        allowed = {**{name: self.filters[name] for name in FILTERS}, **own}
        self.filters = {name: self._door(name, function) for name, function in allowed.items()}
        # Filters that see the context are never applied while a template is compiled.
        self.filters["_written"] = pass_context(lambda _, value: self._written(value))
        self.filters["_rounds"] = pass_context(lambda _, value: self._rounds(value))
        self.filters["_kept"] = pass_context(lambda _, value: self._kept(value))

    def written(self, name: str, facts: Mapping[str, str]) -> str:
        """Render a template on a budget of its own.

        Raises LimitError, and whatever Jinja raises for a template that is wrong.
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
        """Each template that is taken in is paid for: it may take in others, or itself."""
        self._budget.tick()
        return super().get_template(*args, **options)

    def select_template(self, *args: Any, **options: Any) -> Template:
        """The same where a template names several."""
        self._budget.tick()
        return super().select_template(*args, **options)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """An operator."""
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
        """A call of a method, a macro, a block."""
        self._budget.tick()
        name = getattr(obj, "__name__", "")
        if name in FORBIDDEN:
            raise LimitError(f"no letter needs {name}()")
        _enter(name, getattr(obj, "__self__", ""), *args, *kwargs.values())
        return _settled(super().call(context, obj, *args, **kwargs))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """`str.format`, filling up to no more than WIDEST."""
        if super().wrap_str_format(value) is None:
            return None
        text: str = value.__self__

        @wraps(value)
        def bounded(*args: Any, **kwargs: Any) -> str:
            _enter("format", text, *args, *kwargs.values())
            return _Formatter(self).vformat(text, args, kwargs)

        return bounded

    def _door(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A filter; `wraps` keeps what it wants to be called with besides its arguments."""

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
    """Weigh what goes into a call or a filter, and estimate what may come out."""
    weigh(*values)
    if name in MULTIPLYING:
        _estimate(*values)
