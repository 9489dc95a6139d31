"""Every change of points and of what they buy: one imperative function each, in a transaction."""
