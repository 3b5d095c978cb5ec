"""Vehicle re-identification: which of these pictures shows the same vehicle?"""
