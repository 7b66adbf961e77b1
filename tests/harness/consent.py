"""Asks before anything is changed in an account."""

from harness.errors import HarnessError
from harness.target import Target


def ask(target: Target, what: str, sure: bool) -> None:
    """Go on only if somebody agrees; an embedded AWS needs nobody's consent.

    Raises:
        HarnessError: nobody did.
    """
    if target.is_embedded or sure:
        return
    try:
        answer = input(f"About to {what} {target.title}. This may cost money. Type yes to go on: ")
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise HarnessError("Nothing was done. Answer yes, or pass --yes where nobody can answer.")
