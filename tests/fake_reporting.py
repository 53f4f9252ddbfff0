"""Reports and the application that hears of them, in memory."""

from dataclasses import replace

from functions.domain.errors import AlreadyReported, Superseded
from functions.domain.model import Report
from tests.fakes import Service


class InMemoryReports(Service):
    """`Reports`, and what the sweeper asks of them, over one dictionary."""

    def __init__(self, *, retention_days: int = 30) -> None:
        super().__init__()
        self._retention_s = retention_days * 86_400
        self._reports: dict[str, Report] = {}

    def add(self, report: Report) -> None:
        with self._call():
            if self._live(report.job_id, now_ms=report.reported_at_ms):
                raise AlreadyReported
            self._reports[report.job_id] = report

    def read(self, job_id: str, *, now_ms: int) -> Report | None:
        with self._call():
            return self._live(job_id, now_ms=now_ms)

    def put_off(self, before: Report, after: Report) -> None:
        with self._call():
            found = self._reports.get(before.job_id)
            if found is None or found.due_ms is None or found.due_ms != before.due_ms:
                raise Superseded
            self._reports[before.job_id] = replace(
                found, due_ms=after.due_ms, times_repeated=after.times_repeated
            )

    def mark_sent(self, report: Report) -> None:
        with self._call():
            found = self._reports.get(report.job_id)
            if found:
                self._reports[report.job_id] = replace(found, due_ms=None)

    def due(self, *, now_ms: int, limit: int) -> list[str]:
        with self._call():
            return self._due(now_ms)[:limit]

    def count_due(self, *, now_ms: int) -> int:
        with self._call():
            return len(self._due(now_ms))

    def _due(self, now_ms: int) -> list[str]:
        overdue = sorted(
            (report.due_ms, job_id)
            for job_id, report in self._reports.items()
            if report.due_ms is not None
            and report.due_ms <= now_ms
            and self._live(job_id, now_ms=now_ms)
        )
        return [job_id for _, job_id in overdue]

    def _live(self, job_id: str, *, now_ms: int) -> Report | None:
        report = self._reports.get(job_id)
        if report is None:
            return None
        # The table's times to live are in whole seconds.
        expires_at_ms = (report.reported_at_ms // 1000 + self._retention_s) * 1000
        return report if now_ms < expires_at_ms else None


class RecordingBus(Service):
    """An `EventBus` that remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Report] = []

    def publish(self, report: Report) -> None:
        with self._call():
            self.told.append(report)
