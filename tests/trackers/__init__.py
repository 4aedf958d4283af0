"""Trackers as applicants keep them, made from a seed, each with what a careful reader would say.

The habits come from published descriptions of such lists and from how spreadsheets are kept,
not from what the parser knows: `maker` draws them, `judge` brings a tracker in and compares.
`python -m tests.trackers --help` shows one.
"""
