"""The only place that builds AWS clients and wires adapters: a module per door."""
