//! Organizations and their accounts, as they come, move and go: what elsewhere happens in services of its own.
