"""A queue and its dead-letter queue, as SQS keeps them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from functions.domain.model import Message

VISIBILITY_MS = 180_000
MAX_RECEIVES = 10


@dataclass
class Letter:
    """A message of the queue."""

    message: Message
    visible_at_ms: int
    receives: int = 0


class Letters:
    """A `Queue`, and what its receivers and operators do with it."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self.waiting: list[Letter] = []
        self.dead: list[Letter] = []

    def send(self, message: Message) -> None:
        self.waiting.append(Letter(message, visible_at_ms=self._clock()))

    def send_all(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self.send(message)

    def put_off(self, letter: Letter, wait_s: int) -> None:
        letter.visible_at_ms = self._clock() + wait_s * 1_000

    def visible(self) -> list[Letter]:
        return [letter for letter in self.waiting if letter.visible_at_ms <= self._clock()]

    def receive(self, letter: Letter) -> bool:
        """Hide a letter for a while; False if the redrive policy has moved it instead."""
        letter.receives += 1
        letter.visible_at_ms = self._clock() + VISIBILITY_MS
        if letter.receives <= MAX_RECEIVES:
            return True
        self.delete(letter)
        self.dead.append(letter)
        return False

    def delete(self, letter: Letter) -> None:
        if letter in self.waiting:
            self.waiting.remove(letter)

    def delete_dead(self, letter: Letter) -> None:
        if letter in self.dead:
            self.dead.remove(letter)

    def redrive(self) -> None:
        """Move all dead letters back, as the AWS console offers it."""
        self.send_all([letter.message for letter in self.dead])
        self.dead.clear()

    def expire(self) -> None:
        """Let all letters outlive what they are kept for."""
        self.waiting.clear()
        self.dead.clear()
