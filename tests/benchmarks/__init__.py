"""Times, each as a ratio against a bare floor measured in the same run, alternating: `make bench`."""
