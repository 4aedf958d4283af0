"""The made-up data of `planner demo`, and the loopback server that takes its letters."""
