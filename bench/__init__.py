"""Measuring instruments; timings are printed, never asserted."""
