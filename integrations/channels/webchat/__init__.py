"""Our own page as a channel. See README.md beside this file."""

from integrations.channels.webchat.channel import WebChat

__all__ = ["WebChat"]
