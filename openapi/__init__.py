"""What the API promises, in OpenAPI 3.1; read by people and tools, never by the functions."""
