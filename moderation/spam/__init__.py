"""Spam detection: limits for new members, an explained score, and a filter that learns. No data leaves this server."""
