"""The tools, reports, the ladder and appeals in the REST API: they call the same actions as the pages and the admin."""
