"""Django's templates, compiled to Python: the same language and output, for a fraction of the time."""
