//! The fuzz target that reads bytes as a scenario file. `holds.rs`, which belongs to the tests of the command line,
//! checks the result.

#![no_main]

#[path = "../../conformance/cli/tests/fuzz/holds.rs"]
#[expect(dead_code, reason = "each fuzz target uses only a part of `holds.rs`")]
mod holds;

libfuzzer_sys::fuzz_target!(|data: &[u8]| holds::scenario(data));
