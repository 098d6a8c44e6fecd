"""What every service stands on: settings, store, bus, nats-server, sheets."""
