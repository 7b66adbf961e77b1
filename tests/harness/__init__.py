"""Proves the module end to end: an AWS to apply to, stacks, a client of the API, acceptance checks, commands."""
