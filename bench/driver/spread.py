"""Numbers of several rounds: their median, and how far they lie apart."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """The median, the least and the most."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, numbers):
        numbers = list(numbers)
        return cls(median(numbers), min(numbers), max(numbers))

    def shown(self, form="{:.0f}"):
        """`middle (least–most)`, or the one number there is."""
        middle, least, most = (form.format(number) for number in (self.middle, self.least, self.most))
        return middle if least == most else f"{middle} ({least}–{most})"
