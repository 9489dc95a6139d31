"""Pages about people: in public, and their own settings."""
