"""Tests of the task code as the function it is, without AWS."""

import unittest

from task_runner import PermanentError
from task_runner.progress import Progress
from task_runner.testing import task_context
from tasks import handle


class WordCount(unittest.TestCase):
    """What becomes of a payload."""

    def test_words_are_counted(self) -> None:
        """A text has as many words as spaces part."""
        reports: list[Progress] = []
        self.assertEqual(handle({"text": "to be or not"}, task_context(reports=reports)), {"words": 4})
        self.assertEqual(reports[0].fraction, 0.5)

    def test_payload_without_text_fails_for_good(self) -> None:
        """Another try would end the same way."""
        with self.assertRaises(PermanentError):
            handle({}, task_context())
