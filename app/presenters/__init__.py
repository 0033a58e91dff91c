"""Core records -> schemas; a number that is not finite becomes null, its kind is kept beside it."""
