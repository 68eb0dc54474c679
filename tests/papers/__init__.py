"""Files of every kind that the library reads, and of those that it refuses, made by the tests."""
