"""Getting people, cases and appointments in."""
