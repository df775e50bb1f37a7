"""The demo: the service, and beside it a small real forum as a process of its own. Never part of a deployment."""
