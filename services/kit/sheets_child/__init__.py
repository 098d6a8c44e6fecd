"""The process that opens spreadsheets of strangers: light to start, limited in memory and time, allowed to die."""
