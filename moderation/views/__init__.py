"""Privileged pages: the tools on a thread, the queue, the log, the panel."""
