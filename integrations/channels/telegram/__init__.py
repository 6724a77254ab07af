"""Telegram: one bot, by webhook or by polling. See README.md beside this file."""

import os

# Asks python-telegram-bot 22 for durations as timedelta, as its next major version will give them.
os.environ.setdefault("PTB_TIMEDELTA", "1")

from integrations.channels.telegram.channel import TelegramChannel
from integrations.channels.telegram.polling import poll
from integrations.channels.telegram.webhook import router

__all__ = ["TelegramChannel", "poll", "router"]
