"""The rule book: pure functions over values; no file, database, network, clock or chance."""
