"""The reversible tools. Each checks who may, changes one thing, and writes it in the log."""
