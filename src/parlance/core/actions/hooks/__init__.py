"""Asking an app before something happens. Verbs that an app may have a say in are wrapped; nothing else knows."""
