"""Workers' accounts at an OpenID provider."""
