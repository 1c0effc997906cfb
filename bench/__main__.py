"""Every measurement that the README quotes, one after another."""

from bench import acknowledgement, guest_page, makespan, replicas, workspace

for measurement in (makespan, acknowledgement, replicas, guest_page, workspace):
    measurement.main()
