"""What is watched, what rings, and what the logs are asked."""
