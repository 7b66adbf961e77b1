"""Limits of Lambda that the embedded AWS keeps, for whoever has to know them without running it."""

INIT_SECONDS = 10.0
"""For the import of a function's code. One that takes longer is begun once more, with the invocation, within the
function's timeout ("Lambda execution environment lifecycle" in Lambda's developer guide)."""
