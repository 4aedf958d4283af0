"""The only place that knows SMTP and the bytes of a message."""
