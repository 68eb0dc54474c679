"""The description of the API in OpenAPI 3.1: each route's parameters, bodies and answers.

Keeps true: it is made from the routes that are really there; what bodies may hold comes from the
types that read them. A new route has one row in a file of `operations/`. Loaded when it is asked
for. May import every floor below web, and the files of web that hold the types of bodies.
"""

from chat.web.description.document import build

__all__ = ["build"]
