"""Tools that know no app: what every room may use, and nothing in here may import one."""
