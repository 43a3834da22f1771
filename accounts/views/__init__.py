"""Pages of people, teams, users, grants and one's own profile."""
