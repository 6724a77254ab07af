"""SMS through Twilio: out by its API, in by its webhooks. See README.md beside this file."""

from integrations.channels.sms_twilio.channel import TwilioSms
from integrations.channels.sms_twilio.webhook import router

__all__ = ["TwilioSms", "router"]
