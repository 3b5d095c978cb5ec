"""What demos share; it knows no demo."""
