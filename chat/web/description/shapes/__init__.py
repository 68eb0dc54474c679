"""The shapes of the API's answers, as types that msgspec turns into JSON Schema.

They describe; nothing is encoded with them. What views answer is held against them by
tests/service/test_api_description.py. Imports msgspec and the closed sets of words.
"""
