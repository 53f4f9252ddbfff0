"""Look at a deployed stage before its first mail, and whenever no mail leaves."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from operations.checks.alarms import look_at_alarms
from operations.checks.answers import look_at_answers
from operations.checks.keys import look_at_keys
from operations.checks.ses import look_at_ses
from operations.findings import Finding, Verdict
from operations.stage import Stage, monitoring_outputs


def examine(stage: Stage, monitoring: Mapping[str, str] | None) -> Iterator[Finding]:
    """Find out whether a mail would leave, and whether anybody would hear that none does."""
    return chain(
        look_at_answers(stage),
        look_at_keys(stage),
        look_at_alarms(stage, monitoring),
        look_at_ses(stage),
    )


def doctor(stage: Stage) -> int:
    """Look at a stage and print what is found; return the exit status."""
    print(f"Stage {stage.config.stage}, in {stage.region}:", flush=True)
    return tell(examine(stage, monitoring_outputs(stage)))


def tell(findings: Iterable[Finding]) -> int:
    """Print findings as they come; return the exit status."""
    seen = dict.fromkeys(Verdict, 0)
    for finding in findings:
        print(finding, flush=True)
        seen[finding.verdict] += 1
    print(", ".join(f"{number} {verdict.lower()}" for verdict, number in seen.items()))
    return 1 if seen[Verdict.WRONG] else 0
