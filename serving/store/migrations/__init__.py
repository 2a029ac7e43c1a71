"""Migrations of the tables, applied by Alembic; `versions` holds one module per step."""
