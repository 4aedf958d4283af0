"""What a terminal may be shown of a text that a stranger wrote."""


def printable(text: str) -> str:
    """Text of a stranger on one line, control characters escaped."""
    flat = " ".join(text.split("\n"))
    if flat.isprintable():
        return flat
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in flat)
