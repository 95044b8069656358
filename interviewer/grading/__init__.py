"""Answer + rubric -> Grading | Ungraded."""
