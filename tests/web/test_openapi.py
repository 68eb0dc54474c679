"""The description of the API is there for whoever comes, and sent again only when it changed."""

from flask import Flask

from chat import __version__


def test_it_is_there_without_a_sign_in(app: Flask) -> None:
    response = app.test_client().get("/api/openapi.json")
    assert (response.status_code, response.mimetype) == (200, "application/json")
    document = response.get_json()
    assert document["openapi"].startswith("3.1.")
    assert document["info"]["version"] == __version__
    assert document["components"]["securitySchemes"]["cookie"]["name"] == "parley"


def test_it_is_not_sent_again_to_who_has_it(app: Flask) -> None:
    first = app.test_client().get("/api/openapi.json")
    assert first.cache_control.public
    again = app.test_client().get(
        "/api/openapi.json", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.get_data()) == (304, b"")


def test_a_token_of_nobody_is_refused_here_too(app: Flask) -> None:
    response = app.test_client().get("/api/openapi.json", headers={"Authorization": "Bearer no"})
    assert response.status_code == 401
