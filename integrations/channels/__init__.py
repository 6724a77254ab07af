"""One folder a channel: facts, sender, webhook, codes."""
