"""The only HTTP face: API, feeds and pages. It asks; it stores nothing."""
