"""What is answered: plain values in, a command out. `Connection.answer` adds the serial and says whom it is for.

Rule: a field is set only if there is something to say in it: clients ask whether it is there, and take a `code` of
0 for a failure (wire: leancloud#presence-of-fields).
"""
