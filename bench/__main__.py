"""Every measurement that the README quotes, one after another."""

from bench import acknowledgement, guest_page, makespan, reading, replicas, workspace

for measurement in (makespan, acknowledgement, reading, replicas, guest_page, workspace):
    measurement.main()
