"""Templates on a budget: what a letter needs works as in Jinja, but nothing runs for long."""

import re
import resource
import time

import pytest
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from planner.errors import ConfigError
from planner.letters import Templates
from planner.rules.facts import LetterKind
from planner.rules.wording import FACTS, flow
from planner.sandbox import OUTPUT, SOURCE

pytestmark = pytest.mark.long

FACT = {name: f"the {name} of Elm" for name in FACTS} | {"score": "248", "phone": ""}
KIND = LetterKind.STRONG_SCORE

USEFUL = [
    "{{ program }}, {{ city|upper }}, {{ score|int + 0 }}, {{ score|int * 2 - 1 }}",
    "{% if phone %}no{% elif score == '248' and not phone %}yes{% endif %}",
    "{{ 'an' if place[0]|lower in 'aeiou' else 'a' }} {{ place|trim|title|replace('Elm', 'Oak') }}",
    "{% set parts = [program, city, phone]|select|list %}{{ parts|join(', ') }} {{ parts|length }}",
    "{% for part in [program, city] if part %}{{ loop.index }}/{{ loop.length }}{{ part }}{% endfor %}",
    "{% for a in 'xyz' recursive %}{{ a }}{{ loop('') if loop.first }}{% else %}-{% endfor %}",
    "{% macro dear(name, end='!') %}Dear {{ name }}{{ end }}{% endmacro %}{{ dear(city) }}",
    "{% macro box() %}[{{ caller() }}]{% endmacro %}{% call box() %}{{ city }}{% endcall %}",
    "{% with x = city, y = 2 %}{{ x }}{{ y }}{% endwith %}{{ 'a' ~ city ~ 3 ~ none }}",
    "{% set text %}{{ city }} and {{ program }}{% endset %}{{ text|flow|wordwrap(20)|indent(4) }}",
    "{% set ns = namespace(n=0) %}{% for c in city %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}",
    "{{ '%s has %5.1f' % (program, 2.5) }} {{ '%-10s|'|format(city) }} {{ '{:>12}'.format(city) }}",
    "{{ city.split(' ')[0].center(20) }}{{ ', '.join(['a', 'b']) }}{{ city.replace('Elm', 'x') }}",
    "{{ reason.partition(' ')[2] }} {{ reason[0]|upper ~ reason[1:] }} {{ reason|truncate(9) }}",
    "{{ {'a': 1, 'b': [2, 3]}.b|max }}",
    "{% for k, v in {'a': 1}|dictsort %}{{ k }}={{ v }}{% endfor %}{{ [3, 1]|sort|join }}",
    "{% for n in range(3) %}{{ n }}{{ ', ' if not loop.last }}{% endfor %}",
    "{% filter flow %} {{ city }}\n {{ program }}{% endfilter %}{# a remark #}{{ 7 // 2 }}{{ 2**10 }}",
    "{% block a %}{{ city }}{% endblock %}{{ self.a() }}{% raw %}{{ x }}{% endraw %}",
    "{{ [program, city]|map('upper')|join('/') }}{{ 'ab'|list|reverse|join }}{{ 3.7|round|int }}",
    "{{ cycler('a', 'b').next() }}{{ phone|default('none', true) }}{{ 'x' * 40 }}{{ [1] * 3 }}",
]

HUGE = {
    "range": "{% for x in range(10**9) %}x{% endfor %}",
    "a product": "{{ 'x' * 10**8 }}",
    "a constant product": "{{ 'x' * 100000000 }}",
    "a list": "{{ [1] * 10**8 }}",
    "a power": "{{ 10 ** 10 ** 8 }}",
    "a power of a power": "{{ (10 ** 18) ** 60 }}",
    "products that grow": "{% set ns = namespace(x=3) %}{% for i in range(99) %}"
    "{% set ns.x = ns.x * ns.x %}{% endfor %}{{ ns.x }}",
    "format": "{{ '{:>100000000}'.format(1) }}",
    "format, the width given": "{{ '{:>{}}'.format(1, 10**8) }}",
    "format, the width a text": "{{ '{:{}}'.format(1, '>100000000') }}",
    "format, by map": "{{ '{x:>100000000}'.format_map({'x': 1}) }}",
    "format, over and over": "{{ ('{0}' * 30000).format('x' * 9999) }}",
    "format, fetched": "{{ '{:>100000000}'['format'](1) }}",
    "format, kept": "{% set f = '{:>100000000}'.format %}{{ f(1) }}",
    "percent": "{{ '%100000000d' % 1 }}",
    "percent, the width given": "{{ '%*d' % (10**8, 1) }}",
    "percent, precision": "{{ '%.100000000f' % 1.5 }}",
    "percent, over and over": "{{ ('%(a)s' * 20000) % {'a': 'x' * 9999} }}",
    "percent, a filter": "{{ '%100000000d'|format(1) }}",
    "center": "{{ 'x'|center(10**9) }}",
    "center, a constant": "{{ 'x'|center(1000000000) }}",
    "ljust": "{{ 'x'.ljust(10**9) }}",
    "zfill": "{{ 'x'.zfill(10**9) }}",
    "tabs": "{{ '\t'.expandtabs(10**9) }}",
    "indent": "{{ 'x\ny'|indent(10**9) }}",
    "indent, many lines": "{{ ('x\n' * 50000)|indent(10000) }}",
    "indent, by a text": "{{ ('x\n' * 9999)|indent('y' * 9999) }}",
    "join": "{{ ('x' * 9999)|join('y' * 99999) }}",
    "join, a method": "{{ ('y' * 99999).join('x' * 9999) }}",
    "replace": "{{ ('x' * 9999)|replace('x', 'y' * 99999) }}",
    "replace nothing": "{{ ('x' * 9999).replace('', 'y' * 99999) }}",
    "translate": "{{ ('x' * 9999).translate({120: 'y' * 99999}) }}",
    "batch": "{{ [1]|batch(10**9, 'x')|list }}",
    "slice": "{{ [1]|slice(10**9, 'x')|list }}",
    "map": "{{ range(99999)|map('center', 9999)|join }}",
    "wordwrap": "{{ ('x ' * 9999)|wordwrap(2, wrapstring='y' * 9999) }}",
    "round": "{{ 1.5|round(10**9, 'floor') }}",
    "encode": "{{ ('\u00fc' * 99999).encode('punycode') }}",
    "bytes": "{{ (1).to_bytes(10**9, 'big') }}",
    "tilde": "{% set ns = namespace(x='x') %}{% for i in range(99) %}"
    "{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
    "plus": "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}"
    "{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}",
    "lists of lists": "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}"
    "{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
    "lists that are compared": "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(40) %}"
    "{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
    "two loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "loops over a range that is kept": "{% set r = range(9999) %}{% for a in r %}{% for b in r %}"
    "{% for c in r %}{% endfor %}{% endfor %}{% endfor %}",
    "three loops over texts": "{% for a in reason * 9 %}{% for b in reason * 9 %}"
    "{% for c in reason * 9 %}{% for d in reason * 9 %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
    "a loop that writes": "{% for a in range(9999) %}{{ reason * 9 }}{% endfor %}",
    "a loop that writes its own text": "{% for a in range(9999) %}" + "z" * 999 + "{% endfor %}",
    "a block that is kept": "{% set x %}{% for a in range(9999) %}{{ reason * 9 }}{% endfor %}{% endset %}",
    "a filter block": "{% filter upper %}{% for a in range(9999) %}{{ reason * 9 }}{% endfor %}{% endfilter %}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "macros that double": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}"
    "{% endif %}{% endmacro %}{{ m(60) }}",
    "a loop within itself": "{% for x in 'ab' recursive %}{{ loop('ab') }}{% endfor %}",
    "a loop that doubles": "{% for x in 'ab' recursive %}{% if loop.depth < 60 %}"
    "{{ loop('ab') }}{% endif %}{% endfor %}",
    "a loop over long ranges, again": "{% for x in 'a' recursive %}"
    "{% set y = loop(range(99999)) if loop.depth < 3 else '' %}{% endfor %}",
    "a template that takes itself in": "{% include 'strong_score/body.txt' %}",
    "templates that double": "{% include 'd/1.txt' %}",
    "templates that double, one of several": "{% include ['e/1.txt', 'd/1.txt'] %}",
    "blocks within blocks": "{% block a %}{{ self.a() }}{% endblock %}",
    "parentheses": "{{ " + "(" * 9999 + "1" + ")" * 9999 + " }}",
    "many sums": "{{ " + "1+" * 9999 + "1 }}",
    "its own length": "x" * (SOURCE + 1),
    "a dict of many": "{{ dict.fromkeys(range(99999), reason) }}",
    "json": "{{ [1]|tojson(indent=10**9) }}",
    "words": "{{ lipsum(10**6) }}",
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / KIND).mkdir()
    for name, way in (
        ("d", "{% include 'd/N.txt' %}"),
        ("e", "{% include ['e/N.txt', 'e/60.txt'] %}"),
    ):
        (tmp_path / name).mkdir()
        for n in range(1, 60):
            (tmp_path / name / f"{n}.txt").write_text(way.replace("N", str(n + 1)) * 2)
        (tmp_path / name / "60.txt").write_text("")
    return tmp_path


def rendered(folder, body):
    (folder / KIND / "body.txt").write_text(body)
    return Templates(folder).render(KIND, FACT).body


@pytest.mark.parametrize("body", USEFUL)
def test_what_a_letter_needs_is_written_as_jinja_writes_it(folder, body):
    jinja = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    jinja.filters["flow"] = flow
    expected = jinja.from_string(body).render(FACT)
    assert rendered(folder, body) == f"{expected.strip()}\n"


@pytest.mark.parametrize("body", HUGE.values(), ids=HUGE.keys())
def test_a_template_that_would_run_away_is_refused_with_its_name(folder, body):
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ConfigError) as caught:
        rendered(folder, body)
    assert time.process_time() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KiB
    assert re.match("The (template|letter) strong_score", caught.value.message)
    assert caught.value.hint
    assert len(caught.value.message) < 300


def test_a_draft_says_which_template_runs_away_and_writes_nothing(desk):
    folder = desk.folder / "mine" / "after_interview"
    folder.mkdir(parents=True)
    (folder / "body.txt").write_text("{% for a in range(9**5) %}{{ reason * 9 }}x{% endfor %}")
    desk.configure(more='[letters]\ntemplates = "mine"')
    desk.a_list(2)
    done = desk.type("draft")
    assert done.code == 2
    assert "The template after_interview/body.txt cannot be rendered: it " in done.err
    assert desk.letters() == []


def test_a_budget_is_for_one_rendering_and_not_for_all(folder):
    (folder / KIND / "body.txt").write_text("{{ 'x' * 150000 }}")
    templates = Templates(folder)
    for _ in range(3):
        assert len(templates.render(KIND, FACT).body) == 150_001 < OUTPUT
