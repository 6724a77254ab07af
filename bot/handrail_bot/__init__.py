"""Handrail's parts of the Rasa assistant. They know no person and no wording; the hub owns those."""
