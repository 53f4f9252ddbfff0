"""The one table: jobs, and each user's window of accept times."""
