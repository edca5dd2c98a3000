"""Tests of `parlance bench`."""
