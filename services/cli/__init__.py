"""The commands of `khaimac`, over the same questions as the API."""
