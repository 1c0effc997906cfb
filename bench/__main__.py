"""Every measurement that the README quotes, one after another."""

from bench import (
    acknowledgement,
    guest_page,
    hostile,
    makespan,
    reading,
    replicas,
    workspace,
)

for measurement in (
    makespan,
    acknowledgement,
    reading,
    hostile,
    replicas,
    guest_page,
    workspace,
):
    measurement.main()
