"""What a plan would change when nothing has changed."""

from e2e.conftest import Live

# What may differ when a plan follows an apply on the embedded AWS, and why.
NOT_STABLE_EMBEDDED = {
    # Read back with settings it was never given, once: the server reports a block that provider and AWS leave out.
    "module.task_runner.aws_api_gateway_stage.this[0]": "a stage without access_log_settings, on the first plan",
}


def second_plan(stack: Live) -> dict[str, list[str]]:
    """Plan again, and return what would be done to which resource."""
    exempt = NOT_STABLE_EMBEDDED if stack.target.is_embedded else {}
    return {
        address: change["change"]["actions"]
        for address, change in stack.stack.plan().resource_changes.items()
        if change["change"]["actions"] not in (["no-op"], ["read"]) and address not in exempt
    }
