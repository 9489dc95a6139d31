"""People in the REST API: keys, one's own profile, everybody's public one."""
