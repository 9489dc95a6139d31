"""Topics, threads and posts in the REST API."""
