"""The site's own Markdown pages: code of conduct, how to answer, how points work.

Owns the pages and their history. May import community.lib and community.audit.
"""
