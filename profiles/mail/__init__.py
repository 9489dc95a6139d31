"""E-mail: what is sent and when, who wants it, what came back, and the links that turn it off."""
