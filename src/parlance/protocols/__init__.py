"""Sans-I/O socket protocols: bytes in, events out. They know nothing of ours."""
