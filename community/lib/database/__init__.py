"""PostgreSQL as the site reaches it: time limits, and what to do while it is away. The settings name it as the engine."""
