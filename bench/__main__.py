"""Every measurement that the README quotes, one after another."""

from bench import acknowledgement, guest_page, makespan, workspace

for measurement in (makespan, acknowledgement, guest_page, workspace):
    measurement.main()
