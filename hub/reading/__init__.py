"""Queries for screens: frozen rows with opened texts, ready to be shown. Nothing here changes anything."""
