"""Made-up weeks at speed: `handrail simulate`. Whatever goes wrong there would go wrong for a person."""

from handrail.simulation.run import Options, run

__all__ = ["Options", "run"]
