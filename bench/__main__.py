"""Every measurement that the README quotes, one after another."""

from bench import acknowledgement, guest_page, hostile, makespan, reading, workspace

for measurement in (makespan, acknowledgement, reading, hostile, guest_page, workspace):
    measurement.main()
