"""Alembic migrations. A version never imports the application; `env.py` uses its metadata and engine."""
