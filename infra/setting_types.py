"""What a stage's settings may be, each refused in a sentence that shows a good one."""

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Annotated, Literal

import botocore
from botocore.loaders import create_loader
from pydantic import BeforeValidator, Strict

_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME = rf"{_LABEL}(\.{_LABEL})*"
_AT_DOMAIN = rf"@{_LABEL}(\.{_LABEL})+"
_ADDRESS = rf"[\w.!#$%&'*+/=?^`{{|}}~-]+{_AT_DOMAIN}"
#: without a user name, which would show another host than the one that is asked
_HOST = rf"{_NAME}(:\d{{1,5}})?"
#: all variables of a function share 4 KB
_LONGEST_LINE = 100


def _checked(is_good: Callable[[str], object], refusal: str) -> BeforeValidator:
    # before pydantic's own check, to show a good text also to whoever wrote a number
    def checked(value: object) -> str:
        if not isinstance(value, str) or not is_good(value):
            raise ValueError(refusal)
        return value

    return BeforeValidator(checked)


def _like(pattern: str, refusal: str) -> BeforeValidator:
    return _checked(re.compile(pattern, re.ASCII).fullmatch, refusal)


def _as_it_is_written(value: object) -> object:
    # To a Literal, 1, 1.0 and true are the same.
    if type(value) is not int:
        raise ValueError("write a whole number, without quotes, 30")
    return value


def _is_time_zone(value: str) -> bool:
    # This machine may know others ("localtime"); this package is all that Lambda has.
    return value in files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()


def _known_region(value: object) -> str:
    partitions = create_loader().load_data("partitions")["partitions"]
    known = {region for partition in partitions for region in partition["regions"]}
    # its "aws-global" and the like are where services without regions are
    if not isinstance(value, str) or value not in known or value.endswith("-global"):
        raise ValueError(
            f'there is no AWS region "{value}" that botocore {botocore.__version__} knows,'
            ' write the code of one, "eu-central-1"'
        )
    return value


def _is_one_line(value: str) -> bool:
    return value.isprintable() and value.strip() == value != "" and len(value) <= _LONGEST_LINE


#: TOML's own, not a text nor a number that could be taken for one
Switch = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
#: some that CloudWatch knows
LogRetention = Annotated[Literal[1, 3, 7, 14, 30, 90, 180, 365], BeforeValidator(_as_it_is_written)]

OneLine = Annotated[
    str,
    _checked(
        _is_one_line,
        f"write one line of at most {_LONGEST_LINE} characters, without spaces around it,"
        ' "Yellow Books"',
    ),
]
Color = Annotated[str, _like("#[0-9A-Fa-f]{6}", 'write six hex digits, "#ffc53d"')]
TimeZone = Annotated[str, _checked(_is_time_zone, 'write an IANA name, "Asia/Ulaanbaatar"')]

Address = Annotated[str, _like(_ADDRESS, 'write one bare address, "name@example.com"')]
AddressOrDomain = Annotated[
    str,
    _like(
        f"{_ADDRESS}|{_AT_DOMAIN}",
        'write one bare address, "name@example.com", or a whole domain, "@example.com"',
    ),
]
MailHost = Annotated[
    str, _like(f"({_NAME})?", 'write a host alone, without "smtp://" or port, "smtp.example.com"')
]
Origin = Annotated[
    str,
    _like(
        f"https?://{_HOST}",
        'write scheme and host alone, with no "/" at the end: "https://notices.example.com"',
    ),
]
HttpsUrl = Annotated[
    str,
    _like(
        rf"https://{_HOST}([/?#]\S*)?",
        'write an https URL without a user name in it, "https://example.com/account/security"',
    ),
]
#: of what is called, not shown: a fragment never leaves a browser
CallableUrl = Annotated[
    str,
    _like(
        rf"https://{_HOST}([/?][^\s#]*)?",
        "write an https URL without a user name or a fragment (#...) in it,"
        ' "https://example.com/hooks/signin-reported"',
    ),
]

Account = Annotated[str, _like(r"\d{12}", 'write the twelve digits, in quotes, "123456789012"')]
Region = Annotated[str, BeforeValidator(_known_region)]
SecretArn = Annotated[
    str,
    _like(
        r"(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-\w{6})?",
        "write the secret's whole ARN, with the six characters at its end, "
        '"arn:aws:secretsmanager:eu-central-1:123456789012:secret:name-AbCdEf"',
    ),
]
