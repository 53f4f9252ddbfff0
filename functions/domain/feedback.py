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
    """One event of the provider, and so the proof that it has taken a mail: `Job.went_out`.

    That holds for a rejection too, whether or not its `Send` comes, and before or after it: the
    provider took the mail and held it back for its content, as it would hold back the next one. So
    no event lets a mail be sent again, their order matters to nothing, and what became of the mail
    stays readable in `Job.delivery`.
    https://docs.aws.amazon.com/ses/latest/dg/monitor-sending-activity.html
    """

    job_id: str
    delivery: Delivery
