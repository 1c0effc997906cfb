"""The workspace in the browser: the control server's side of the page that a person opens."""
