"""What `make doctor` looks at, one file per AWS service that is asked."""
