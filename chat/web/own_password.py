"""The password of who is signed in, asked once more before something that cannot be undone.

Keeps true: whoever finds an open browser can neither do that nor guess the password here. May
import every floor below web.
"""

from chat.accounts import people
from chat.accounts.fields import FieldInvalid
from chat.accounts.passwords import verify_password
from chat.values import Viewer
from chat.web.forms import Form
from chat.web.site import site
from chat.web.throttle import throttle_of


def check_own_password(form: Form, viewer: Viewer) -> None:
    """Refuse the field `current_password` of a form that does not hold it."""
    throttle = throttle_of("password", "Too many attempts.")
    throttle.hit(viewer.id)
    with site().database.reading() as session:
        known = people.credentials_by_id(session, viewer.id)
    if verify_password(known.password_hash, form.typed.get("current_password", "")):
        throttle.forget(viewer.id)
    else:
        form.refuse(FieldInvalid("current_password", "This is not your current password."))
