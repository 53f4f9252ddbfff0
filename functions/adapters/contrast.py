"""Which ink can be read on a colour: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

from typing import Final

DARK: Final = "#1b1c1f"
LIGHT: Final = "#ffffff"


def ink_on(background: str) -> str:
    """Return the one of `DARK` and `LIGHT` that stands out more from `#rrggbb`."""
    return max(DARK, LIGHT, key=lambda ink: ratio(ink, background))


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in bytes.fromhex(color[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
