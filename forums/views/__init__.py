"""Views translate HTTP: fetch, call one action, respond."""
