"""What every part of the REST API shares: errors, paging, throttles, parsing and the schema. It knows no app.

Owns: nothing stored. May import: community.lib. Each app's routes live in its own `api` package.
"""
