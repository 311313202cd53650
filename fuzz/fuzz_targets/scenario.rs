//! Bytes as a scenario file. The tests of the command line define what must hold for them.

#![no_main]

#[path = "../../conformance/cli/tests/fuzz/holds.rs"]
#[expect(dead_code, reason = "the other target uses the other half")]
mod holds;

libfuzzer_sys::fuzz_target!(|data: &[u8]| holds::scenario(data));
