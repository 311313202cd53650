//! Bytes as a scenario file. What must hold of them is stated where the tests state it.

#![no_main]

#[path = "../../conformance/cli/tests/fuzz/holds.rs"]
#[expect(dead_code, reason = "the other target uses the other half")]
mod holds;

libfuzzer_sys::fuzz_target!(|data: &[u8]| holds::scenario(data));
