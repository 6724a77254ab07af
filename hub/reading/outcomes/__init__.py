"""Figures over months, as aggregates: what helps people to come, and who answers them. Knows no page.

Small groups are hidden (`small.py`). No figure is by worker.
"""
