"""The record of a task: its data, the rules between its states, and the table it is in."""
