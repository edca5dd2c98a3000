"""HTTP plumbing that every dialect shares. No envelopes."""
