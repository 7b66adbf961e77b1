"""The one base of all errors that the harness raises on purpose; the command line prints them without a traceback."""


class HarnessError(Exception):
    """Something the reader can act on; the message says what happened and what to do next."""


class BadInput(HarnessError):
    """What was asked for cannot be done as it was asked; the message says how to ask. The exit code is 2."""
