"""What a device is, told from what it says of itself: rules are data, this package reads and applies them."""
