"""The few words everyone needs: time, identifiers, faults, pages."""
