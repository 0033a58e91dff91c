"""One file a resource: read the request, let the compute thread work, present the record."""
