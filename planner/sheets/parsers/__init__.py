"""What one cell means; a module for each kind: text, codes, dates, people, addresses, words.

A parser takes the cleaned, non-missing text of a cell and returns its value.  It raises
`cells.BadCellError` if the text makes no sense, and returns a `cells.Noted` value if the user
should know how the text was understood.
"""
