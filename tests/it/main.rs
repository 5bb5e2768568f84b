//! The integration tests: one binary, as each further one links everything again.

// What the others use.
mod bench;
mod golden;
mod place;
mod transcript;

// The specification: requests and byte-exact answers.
mod upgrade;
mod wire;
// The tables, and what is derived from them.
mod catalogue;
mod openapi;
mod openapi_admin;
mod openapi_vendors;
mod plans;
mod postman;
mod postman_item;
mod postman_story;
mod postman_subject;
// Errors that no operation provokes.
mod words;
// Texts that not every database can hold.
mod zero;
// Decoding, on types that are not an operation's.
mod decode;
// Every documented limit, every operation with bad input.
mod hostile;
mod huawei_instance;
mod life_cycle;
mod limits;
// Verified signatures.
mod credentials;
mod fuzz;
mod sign;
mod strict;
mod sts;
mod tampering;
// The subjects of Alibaba Cloud, case by case.
mod alibaba_directories;
mod alibaba_pages;
mod alibaba_passwords;
mod alibaba_settings;
mod alibaba_users;
// Many requests at a time.
mod gathering;
mod race;
mod stale;
// The store and the seeds, on their own.
mod seeded_users;
mod seeds;
mod store;
// The shared database, where there is one.
mod postgres;
// The emulator's own paths.
mod accounts;
mod admin;
// The built program, from outside.
mod configured;
mod guarded;
mod paging;
mod program;
mod sockets;
// What the compiler cannot hold.
mod bodies;
mod boundaries;
