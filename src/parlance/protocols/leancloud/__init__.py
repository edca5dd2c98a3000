"""LeanCloud's realtime protocol, so that its clients need no change (docs/wire/leancloud.md).

`connection.Connection` is the object to hold, one for each socket; `commands` is what comes out of it,
`answers` and `pushes` what is said in it.
"""
