"""The story, one verb a module; arguments are plain values, the store, a sender and `now`."""
