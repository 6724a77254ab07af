"""The client of the Rasa assistant. Never imports rasa."""
