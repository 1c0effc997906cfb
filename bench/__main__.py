"""Every measurement that the README quotes, one after another."""

from bench import acknowledgement, guest_page, makespan, reading, workspace

for measurement in (makespan, acknowledgement, reading, guest_page, workspace):
    measurement.main()
