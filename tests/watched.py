"""What the functions tell of themselves, and operators stand on.

Checked in tests/functions against what the functions write, and in tests/infra against what the
alarms, the dashboard and the saved queries read.
"""

#: every metric of our own, with its unit
METRICS = {
    "Accepted": "Count",
    "BouncedHard": "Count",
    "Complained": "Count",
    "Completed": "Count",
    "CountersLost": "Count",
    "Dead": "Count",
    "DeadLettersDeleted": "Count",
    "DeadLettersLeftOver": "Count",
    "DeadLettersListed": "Count",
    "DeadNow": "Count",
    "DeliveryFailed": "Count",
    "DueLeftOver": "Count",
    "DueMovedOn": "Count",
    "DueNotResent": "Count",
    "DueResent": "Count",
    "DutyFailed": "Count",
    "DutyInterrupted": "Count",
    "EnqueueToSent": "Milliseconds",
    "NotQueued": "Count",
    "Parked": "Count",
    "ParkedLeftOver": "Count",
    "ParkedMovedOn": "Count",
    "ParkedNotResent": "Count",
    "ParkedNow": "Count",
    "ParkedResent": "Count",
    "Refused": "Count",
    "RepairFailed": "Count",
    "ReportNotSent": "Count",
    "Reported": "Count",
    "ReportsLeftOver": "Count",
    "ReportsNotResent": "Count",
    "ReportsResent": "Count",
    "Retried": "Count",
    "SigningKeyOutOfReach": "Count",
    "Swept": "Count",
}

#: the log lines that queries read, with the fields that they read of each
LINES = {
    "job completed": {"elapsed_ms"},
    "job dead": {"error_class", "error_type"},
    "job repaired": {"status"},
    "dead letter without a job": set(),
}
