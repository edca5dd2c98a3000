"""The clinic dialect: patients and doctors, POST only, bare JSON answers."""
