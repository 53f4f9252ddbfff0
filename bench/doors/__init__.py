"""What runs in a process of its own, started by `bench.process`: importing a door wires it."""
