"""The conformance kit: checks that any plugin can be held to."""
