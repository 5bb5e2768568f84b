//! The integration tests: one binary, as each further one links everything again.

fn main() {}
