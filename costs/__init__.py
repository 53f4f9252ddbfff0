"""What the service costs and where it ends, on paper but computed."""
