"""Live training: a run that goes on in turns of the compute thread, and the readers who watch it."""
