"""The only place that knows SQL.  It takes and returns frozen values; rows never leave it."""
