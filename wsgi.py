"""What gunicorn serves. The worker has patched before it imports this."""

from app import create_app

app = create_app()
