"""The demo community: what it says. `seed_demo` writes it."""
