"""Conversations as files: plain text and PDF. Knows nothing of who may have them."""
