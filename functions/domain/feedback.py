"""What became of a mail after it was taken, as the provider's events tell."""

from dataclasses import dataclass
from typing import Final

from functions.domain.model import Delivery

#: events come late, twice and in any order: the later word of these stands. An automatic reply
#: of an absent reader counts as a soft bounce and takes nothing back; a hard one does, because
#: a server may take a mail first and return it afterwards.
RANK: Final = {delivery: rank for rank, delivery in enumerate(Delivery, start=1)}


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryEvent:
    """One event of the provider."""

    job_id: str
    delivery: Delivery

    @property
    def went_out(self) -> bool:
        """Whether the event proves that a mail left; a rejected one was taken, but held back."""
        return self.delivery is not Delivery.REJECTED
