"""What is measured, side by side in one run; `python -m bench` prints the table."""
