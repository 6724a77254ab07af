"""Surveys: what is asked (data), and how one person's run through it goes."""
