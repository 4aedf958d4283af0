"""The keys of config.toml: a table that documents itself, and what is made of their values."""
