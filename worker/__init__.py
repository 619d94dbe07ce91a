"""A process that serves over the uplink."""

__version__ = "0.1.0"
