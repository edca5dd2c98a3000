"""What clients are told unasked: plain values in, a `Push` out, encoded once and addressed to each client.

Rule: no serial; the service and the server's time on every one, since clients pass over those without.
"""
