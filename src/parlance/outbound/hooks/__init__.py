"""Apps' own servers, called by LeanCloud's hooks: `calls.HookCalls` implements `core/ports/hooks.py`."""
