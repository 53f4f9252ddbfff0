"""The one table: jobs, users' windows of accept times, hours' counters and reports."""
