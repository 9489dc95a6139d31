"""Achievements, points, rewards and gifts over HTTP."""
