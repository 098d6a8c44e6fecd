"""/api/v1: the resources, one module each."""
