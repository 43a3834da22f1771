"""The only code that sends anything to a device. No Django: a collector in a remote zone needs none of it."""
