"""An interview in a terminal: what is typed -> moves of the conductor; what comes of them -> lines on a screen."""
