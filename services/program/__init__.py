"""Documents: what goes in, HTML, PDF, by content hash."""
