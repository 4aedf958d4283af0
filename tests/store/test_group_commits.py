"""Group commit: jobs share a transaction, but one cannot harm the others."""

import asyncio

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import PersonNeededError
from planner.store import group_commits
from tests.store.jobs import begun, empty, lines, locked, opened, together, write, written


@pytest.fixture
def database(tmp_path):
    """An empty database with a table to write into."""
    return empty(tmp_path / "list.sqlite3")


def test_jobs_that_wait_share_a_commit_in_the_order_in_which_they_came(database):
    async def many():
        with locked(database):
            first = await begun(commits, write(0))
            others = [asyncio.ensure_future(commits.run(write(n))) for n in range(1, 20)]
            await asyncio.sleep(0)
        return await asyncio.gather(first, *others)

    with opened(database, sessions=50) as commits:
        assert asyncio.run(many()) == list(range(20))
    assert commits.count == 2
    assert written(database) == list(range(20))
    assert lines(database) == [(n + 1, n) for n in range(20)]


def test_a_commit_waits_for_company_until_half_of_the_sessions_wait(database, monkeypatch):
    monkeypatch.setattr(group_commits, "GATHER", 1e9)
    monkeypatch.setattr(group_commits, "LONGEST_GATHER", 1e9)

    async def three():
        first = [asyncio.ensure_future(commits.run(write(n))) for n in (1, 2)]
        await asyncio.sleep(0.05)
        assert commits.count == 1, "there is room for a third"
        return await asyncio.gather(*first, commits.run(write(3)))

    with opened(database, sessions=6) as commits:
        assert asyncio.run(commits.run(write(0))) == 0
        assert asyncio.run(three()) == [1, 2, 3]
    assert commits.count == 2


def test_one_half_of_the_sessions_goes_on_while_the_other_commits(database):
    async def committed_when_told(number):
        await commits.run(write(number))
        return commits.count

    async def six():
        with locked(database):
            first = await begun(commits, write(0))
            others = [asyncio.ensure_future(committed_when_told(n)) for n in range(1, 7)]
            await asyncio.sleep(0)
        await first
        return await asyncio.gather(*others)

    with opened(database, sessions=6) as commits:
        assert asyncio.run(six()) == [2, 2, 2, 3, 3, 3]


def test_jobs_of_one_transaction_have_one_moment(database):
    moments = iter(range(100))

    def at(unit):
        return unit.now(lambda: next(moments))

    async def two():
        with locked(database):
            first = await begun(commits, write(1))
            orders = [asyncio.ensure_future(commits.run(at)) for _ in range(2)]
            await asyncio.sleep(0)
        await first
        return await asyncio.gather(*orders), await commits.run(at)

    with opened(database, sessions=8) as commits:
        assert asyncio.run(two()) == ([0, 0], 1)


def test_a_failing_job_takes_nothing_of_the_others_with_it(database):
    jobs = [write(1), write(2, fail=ValueError("mine")), write(3)]
    with opened(database, sessions=3) as commits:
        first, second, third = asyncio.run(together(commits, jobs))
    assert (first, third) == (1, 3)
    assert isinstance(second, ValueError)
    assert written(database) == [1, 3]
    assert lines(database) == [(1, 1), (2, 3)]


def test_what_the_database_refuses_is_told_to_who_ordered_it(database):
    with opened(database, sessions=2) as commits:
        first, second = asyncio.run(together(commits, [write(1), write(1)]))
        assert first == 1
        assert isinstance(second, sa.exc.IntegrityError)
        with pytest.raises(PersonNeededError, match="not ours"):
            commits.run_blocking(write(2, fail=PersonNeededError("not ours")))
    assert written(database) == [1]


def test_many_tasks_at_once_lose_nothing(database):
    async def tasks(start):
        found = await together(commits, [write(start + n) for n in range(10)])
        return found + [await commits.run(write(start + n)) for n in range(10, 20)]

    async def many():
        return await asyncio.gather(*(tasks(n * 20) for n in range(6)))

    with opened(database, sessions=16) as commits:
        found = [n for some in asyncio.run(many()) for n in some]
    assert sorted(found) == sorted(written(database)) == list(range(120))
    assert [n for n, _ in lines(database)] == list(range(1, 121))
    assert [what for _, what in lines(database)] == written(database)
    assert commits.count <= 60


@pytest.mark.long
@given(
    jobs=st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=12),
    sessions=st.integers(1, 5),
)
def test_any_mix_of_jobs_gives_what_the_good_ones_give_one_by_one(tmp_path_factory, jobs, sessions):
    path = empty(tmp_path_factory.mktemp("mix") / "list.sqlite3")
    made = [write(what, fail=ValueError() if bad else None) for what, bad in jobs]
    with opened(path, sessions=sessions) as commits:
        found = asyncio.run(together(commits, made))
    good = []
    for (what, bad), result in zip(jobs, found, strict=True):
        if not bad and what not in good:
            good.append(what)
            assert result == what
        else:
            assert isinstance(result, ValueError | sa.exc.IntegrityError)
    assert written(path) == good
    assert lines(path) == list(enumerate(good, 1))
