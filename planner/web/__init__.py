"""The review page: the steps of the command line in a browser, on this machine alone."""
