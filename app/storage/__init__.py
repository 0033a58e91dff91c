"""Where sessions are stored: bytes by id, in transactions; what they mean is not this package's concern."""
