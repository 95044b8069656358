"""A report in words -> the forms it is read in: page, Markdown, PDF."""
