"""The function that runs tasks: from a batch of wake-ups to settled records."""
