"""Every measurement that the README quotes, one after another."""

from bench import (
    acknowledgement,
    guest_page,
    hostile,
    makespan,
    reading,
    replicas,
    storm,
    workspace,
)

for measurement in (
    makespan,
    acknowledgement,
    storm,
    reading,
    hostile,
    replicas,
    guest_page,
    workspace,
):
    measurement.main()
