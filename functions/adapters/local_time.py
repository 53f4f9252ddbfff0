"""A reader's own time."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(name: str | None, default: ZoneInfo) -> ZoneInfo:
    """Return the zone of this IANA name, if there is one."""
    try:
        return ZoneInfo(name) if name else default
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last: `Asia` is a folder
        return default


def offset_of(moment: datetime) -> str:
    """Return `UTC+8`, `UTC-3:30`; Babel knows only `+0800` and its kin."""
    offset = moment.strftime("%z")
    hours, minutes = int(offset[1:3]), int(offset[3:5])
    if not hours and not minutes:
        return "UTC"
    return f"UTC{offset[0]}{hours}" + (f":{minutes:02}" if minutes else "")
