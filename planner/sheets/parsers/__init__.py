"""What one cell means, a module for each kind: text, codes, dates, people, addresses, words.

A parser takes the cleaned, non-missing text of a cell and gives its value.  It raises
`cells.BadCellError` where the text makes no sense, and gives a `cells.Noted` value where it
was understood in a way that a person should know of.
"""
