"""Decide whom to tell about a Step 2 CK score, write to them, and send it once."""

__version__ = "0.1.0"
