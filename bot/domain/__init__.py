"""What a booking and a charter are: frozen values, no I/O, no Slack, no AWS."""
