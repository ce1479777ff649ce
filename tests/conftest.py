"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is: no test here asserts a time.
settings.register_profile("allup", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("allup")
