"""The least that a door has to load: its libraries, none of its own code. Only measured."""
