"""Refusals with an HTTP status that Django has no exception for."""


class Conflict(Exception):
    """409: the object changed or is used up. `code` is for API clients."""

    def __init__(self, sentence: str, *, code: str = "conflict") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


class TooMany(Exception):
    """429: a rate limit was reached. `retry_after` is in seconds; `help_path` is a page that explains the limit."""

    def __init__(self, sentence: str, *, retry_after: int, help_path: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after
        self.help_path = help_path
