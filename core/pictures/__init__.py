"""What is seen of a session beside its numbers: maps, lines, hidden space, metrics, the loss surface.

Everything here reads a network, a parameter vector and a data set, and returns records; nothing is changed.
"""
