"""One outside system a file. Everyone else sees only `ports`."""
