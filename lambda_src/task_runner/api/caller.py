"""Who calls: the scope of an idempotency key."""

from collections.abc import Mapping
from typing import Any


def identity_of(request_context: Mapping[str, Any]) -> str:
    """Name the caller as API Gateway authenticated it; all callers of an open API share the empty name.

    The source address is no identity: it changes, and many callers share one. A signed call is named by its whole user
    ARN, session name included, so people who share a role are told apart.
    """
    authorizer = request_context.get("authorizer") or {}
    identity = request_context.get("identity") or {}
    named = {
        "cognito": (authorizer.get("claims") or {}).get("sub"),
        "authorizer": authorizer.get("principalId"),
        "iam": identity.get("userArn"),
        "key": identity.get("apiKeyId"),
    }
    return " ".join(f"{kind}={name}" for kind, name in named.items() if name)
