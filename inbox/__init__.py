"""The web: inbox of the case workers, pages of the respondents, public API. Knows no channel by name."""
