"""How: the outside world (channels, the assistant, files, case systems) behind the ports of the hub."""
