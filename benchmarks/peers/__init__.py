"""What others would use for the same job, set up as their own documentation says."""
