"""The portal over the API: imports and exports."""
