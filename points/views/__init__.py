"""Pages of achievements, rewards, gifts and reports: fetch, call one action, answer."""
