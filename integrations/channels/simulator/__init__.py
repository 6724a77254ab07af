"""Phones that exist only in memory: for the demo, `handrail chat`, tests and the simulation."""

from integrations.channels.simulator.channel import Simulator, Taken
from integrations.channels.simulator.faults import Faults
from integrations.channels.simulator.phones import PhoneText

__all__ = ["Faults", "PhoneText", "Simulator", "Taken"]
