"""What a change of one input does to a stack that is applied: the table of docs/changes.md.

cd tests && ../.venv/test/bin/python -m plan.changes [--check]
"""
