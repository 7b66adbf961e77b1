"""Entry point of the API function: the handler, made from the environment, which nothing else here reads."""

import os
from concurrent.futures import ThreadPoolExecutor

from task_runner.api.dispatch import Handler, make_handler
from task_runner.api.service import TaskService
from task_runner.clients import connect
from task_runner.config import api_config
from task_runner.telemetry import configure


def _from_environment() -> Handler:
    configure(os.environ)
    config = api_config(os.environ)
    store, wakeups = connect(config, connections=2)
    sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wakeup")
    return make_handler(TaskService(store, wakeups, config, sender), config.cors, config.routes)


handler = _from_environment()
