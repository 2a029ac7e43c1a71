"""The history of the tables, applied by Alembic; `versions` holds one module a step."""
