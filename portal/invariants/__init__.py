"""What must always be true of the data, and how to find out: each invariant compares rows of several apps.

It stands in the portal, the one app that may read all others; nothing here writes. A new invariant is one Invariant in
the module of its subject.
"""
