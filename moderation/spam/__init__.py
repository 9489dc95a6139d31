"""Is it advertising? Named limits for new members, an explained score, and a filter that learns. Nothing leaves the house."""
