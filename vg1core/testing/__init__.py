"""Tools for the tests of plugins: fixtures for pytest, a Hub-compatible server, right answers for targets."""
