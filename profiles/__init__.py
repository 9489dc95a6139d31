"""Who people are and how we reach them.

Owns users (private: sign-in), profiles (public identity), teams, roles, API keys.
May import community.lib, community.audit and integrations.
"""
