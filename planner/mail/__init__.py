"""The only package that knows SMTP and the bytes of a message."""
