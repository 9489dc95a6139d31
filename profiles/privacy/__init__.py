"""What people may take along and what is forgotten: data downloads and the deletion of accounts."""
