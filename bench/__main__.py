"""Every measurement that the README quotes, one after another."""

from bench import acknowledgement, makespan

for measurement in (makespan, acknowledgement):
    measurement.main()
