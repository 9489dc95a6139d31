"""Bringing another community here: streamed, in committed batches, the same twice.

Nobody is told, nothing is earned.
"""
