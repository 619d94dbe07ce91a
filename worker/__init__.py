"""A process that serves over the uplink."""

__version__ = "0.2.0"

# Exit status: something must be changed before a start can succeed (EX_CONFIG of sysexits.h).
EXIT_CONFIG = 78
