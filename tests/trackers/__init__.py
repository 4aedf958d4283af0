"""Trackers like those of applicants, made from seeds, each with a careful reader's answers.

The habits come from published descriptions of such lists and from how spreadsheets are kept,
not from what the parser knows: `maker` draws them, `judge` brings a tracker in and compares.
`python -m tests.trackers --help` shows one.
"""
