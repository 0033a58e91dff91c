"""The numerics of Deltaboard: networks, traces and training as plain records; imports numpy only."""
