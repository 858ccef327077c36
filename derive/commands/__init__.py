"""The commands, one file each: options in, reports out, exit status."""
