"""Made-up weeks at speed: `handrail simulate`. Whatever goes wrong there would go wrong for a person."""

from handrail.simulation.report import show
from handrail.simulation.scene import Options

__all__ = ["Options", "show"]
