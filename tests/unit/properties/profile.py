"""How thoroughly the properties are tried: the same examples each time, in under a minute altogether."""

from hypothesis import HealthCheck, settings

thoroughly = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""Journeys are large examples: they take long to make, and shrinking one finds the few events that matter."""
