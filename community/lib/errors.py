"""Refusals that HTTP knows and Django has no name for."""


class Conflict(Exception):
    """The thing changed, or is used up: 409. `code` is a machine word for the API."""

    def __init__(self, sentence: str, *, code: str = "conflict") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


class TooMany(Exception):
    """Too often: 429. `retry_after` is in seconds; `help_path` leads to a page that explains the limit."""

    def __init__(self, sentence: str, *, retry_after: int, help_path: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after
        self.help_path = help_path
