"""AWS on this machine: an emulator that enforces policies, and three accounts in it."""
