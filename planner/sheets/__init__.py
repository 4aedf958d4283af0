"""Spreadsheets: a file in, records and one issue for each cell that was not understood out."""
