"""The simulator's carrier, at whose door a worker can die: before the call, and with the answer on its way."""

from collections.abc import Callable, Collection
from datetime import datetime

from hub.ports import Accepted, Clock, Outgoing
from integrations.channels.simulator import Faults, Simulator


class Carrier(Simulator):
    """`step` is called where a worker can die."""

    def __init__(self, clock: Clock, faults: Faults, step: Callable[[], None]) -> None:
        super().__init__(clock, faults, run=str(faults.seed))
        self._step = step

    async def send(self, outgoing: Outgoing) -> Accepted:
        self._step()
        accepted = await super().send(outgoing)
        self._step()
        return accepted

    async def find_sent(self, outgoing: Outgoing, since: datetime, known: Collection[str] = ()) -> Accepted | None:
        self._step()
        found = await super().find_sent(outgoing, since, known)
        self._step()
        return found
