"""The function behind the API: from a request to an answer."""
