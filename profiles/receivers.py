"""allauth's own signals, the only ones we listen to."""
