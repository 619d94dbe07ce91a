"""A process that serves the classifier over the Anvil uplink."""
