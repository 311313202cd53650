//! The fuzz target that reads bytes as JSON. `holds.rs`, in the tests of the command line, checks the result.

#![no_main]

#[path = "../../conformance/cli/tests/fuzz/holds.rs"]
#[expect(dead_code, reason = "the other target uses the other half")]
mod holds;

libfuzzer_sys::fuzz_target!(|data: &[u8]| holds::json(data));
