"""Page assemblies: everything a page shows, in a fixed number of queries."""
