"""What the privileged pages show."""
