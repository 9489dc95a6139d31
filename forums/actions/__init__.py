"""Every change of what people write: one imperative function each, which checks who may and names its
consequences.
"""
