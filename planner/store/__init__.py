"""The only place that knows SQL.  Values go in and frozen values come out; rows never leave."""
