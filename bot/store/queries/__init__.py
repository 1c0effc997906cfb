"""One file a table family. Every function takes a connection and is part of one transaction."""
