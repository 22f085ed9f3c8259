### Alarms.
