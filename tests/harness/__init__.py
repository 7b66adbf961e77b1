"""Proves the module end to end: an AWS to apply to, stacks, acceptance checks, commands."""
