"""Measurements of On Record over public and written questions; they use its public API only."""
