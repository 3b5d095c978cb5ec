"""Search by picture: what retrieval, style and vehicles have in common."""
