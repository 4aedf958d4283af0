"""Decide which programs to tell about a Step 2 CK score, and send each letter once."""

__version__ = "0.1.0"
