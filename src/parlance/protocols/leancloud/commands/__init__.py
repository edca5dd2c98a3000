"""What a client asks for: one struct for each command and operation, without a word of protobuf.

Names are those of the wire (wire: leancloud#commands) in Python's spelling; letters are spelled out.
"""
