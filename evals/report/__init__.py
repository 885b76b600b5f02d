"""Results for people: the terminal's tables, and one self-contained page."""
