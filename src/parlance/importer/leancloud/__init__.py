"""An app's data at LeanCloud, and the folder that it is saved in.

Floors within: `export` says what is fetched in which order; `classes`, `history`, `subscribers` and `attachments`
each fetch one thing into the `folder`; they ask through `asking`, which knows how to show the key, how fast it may
ask, and what to make of an answer. Back again, `bringing` has `archives` unpacked, reads the folder through `sources`,
has `moving` say its rows in our terms, and calls actions.
"""
