"""How a response leaves the server's hands while its connection stays open.

Imports nothing of Parley: gunicorn.conf.py imports it, before anything of the site.
"""


class Detached(BaseException):
    """Raised out of a response's body: its connection is served elsewhere from now on.

    Not an `Exception`, so that nothing on the way takes it for an error and answers with one.
    """
