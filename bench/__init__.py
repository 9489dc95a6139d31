"""Measurements, as ratios against a no-op view on the same server in the same run. `make bench` prints them."""
