"""People, organisations, posts, the guests of a ceremony and their precedence."""
