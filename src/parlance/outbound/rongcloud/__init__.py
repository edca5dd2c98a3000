"""RongCloud's server API: our own small client, and the provider that is made of it.

Floors within: `provider` asks `api`, which knows RongCloud's calls; `api` posts through `client`, which knows how to
sign, where to ask, how fast, and what to make of an answer.
"""
