"""Draws from a seed, one stream per subject, so that a new habit does not change the others."""

from random import Random


class Draw:
    """Chances and choices; `Draw(7, "people")` always gives the same ones."""

    def __init__(self, seed, matter):
        self._seed, self._random = seed, Random(f"{seed}:{matter}")

    def chance(self, part):
        """True in so many cases of one."""
        return self._random.random() < part

    def one(self, choices):
        """One of a sequence."""
        return self._random.choice(choices)

    def some(self, choices, count):
        """So many different ones."""
        return self._random.sample(list(choices), count)

    def number(self, low, high):
        """A whole number; both ends count."""
        return self._random.randint(low, high)

    def among(self, weights):
        """One key of a table of weights."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def shuffled(self, things):
        """The same things in another order."""
        return self.some(things, len(things))
