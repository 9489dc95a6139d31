"""Every change of who people are: one imperative function each."""
