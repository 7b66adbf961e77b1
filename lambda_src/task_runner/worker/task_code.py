"""The caller's task code: found by name, called the same whether sync or async."""

import importlib
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from task_runner.context import TaskContext
from task_runner.errors import HandlerUnavailable

TaskCode = Callable[[Any, TaskContext], Any]


def load(name: str) -> TaskCode:
    """Find `module.function`.

    What is wrong with it is raised when it is called, not here: a function that dies at init would burn the queue's
    deliveries in silence, while a failed attempt tells the caller what to fix.
    """
    try:
        function = _find(name)
    except HandlerUnavailable as error:
        return _always_raising(error)
    return adapt(function)


def fault(name: str) -> str | None:
    """Say what keeps `module.function` from being called, or None if nothing does."""
    try:
        _find(name)
    except HandlerUnavailable as error:
        return str(error)
    return None


def adapt(function: Callable[[Any, TaskContext], Any]) -> TaskCode:
    """Make sync and async functions look alike; an async one gets an event loop for each call."""
    if inspect.iscoroutinefunction(function):
        importlib.import_module("asyncio")  # now, rather than in its first call; others need not pay for it
    return lambda payload, context: _resolved(function(payload, context))


def _find(name: str) -> Callable[..., Any]:
    module_name, _, function_name = name.rpartition(".")
    try:
        module = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:
        raise HandlerUnavailable(f"importing {module_name} raised {type(error).__name__}: {error}") from error
    function: Callable[..., Any] | None = getattr(module, function_name, None)
    if not callable(function):
        raise HandlerUnavailable(f"{module_name} has no function {function_name}: check worker.handler")
    try:
        inspect.signature(function).bind("payload", "context")
    except TypeError:
        raise HandlerUnavailable(f"{name} must take two arguments, payload and context") from None
    except ValueError:
        return function  # written in C without a signature: calling it is the only check
    return function


def _always_raising(error: HandlerUnavailable) -> TaskCode:
    def raise_it(_payload: Any, _context: TaskContext) -> Any:
        raise HandlerUnavailable(str(error)) from error.__cause__

    return raise_it


def _resolved(value: Any) -> Any:
    if not inspect.isawaitable(value):
        return value
    import asyncio

    return asyncio.run(_wait_for(value))


async def _wait_for(value: Awaitable[Any]) -> Any:
    return await value
