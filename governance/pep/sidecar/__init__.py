"""The sidecar: the replica as one local process, for forums in any language."""
