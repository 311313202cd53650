//! The notation of seeds: decimal, `0x…`, or a git hash of 40 digits.

/// Parses a seed. A git hash is accepted so that a commit can seed its own check. Only the first 16 digits of the hash
/// count.
pub(super) fn read(text: &str) -> Result<u64, String> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parsed = if let Some(hex) = text.strip_prefix("0x").filter(|hex| !hex.starts_with('+')) {
        u64::from_str_radix(hex, 16).ok()
    } else if text.len() == 40 && digits(text) {
        u64::from_str_radix(&text[..16], 16).ok()
    } else {
        text.parse().ok().filter(|_| !text.starts_with('+'))
    };
    parsed.ok_or_else(|| {
        "expected a decimal number below 2^64, 0x with up to 16 hex digits, or a git hash of 40 digits".into()
    })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn seeds_are_parsed_in_each_notation() {
        assert_eq!(read("7"), Ok(7));
        assert_eq!(read("0x51ed"), Ok(0x51ed));
        assert_eq!(read("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(read("00000000000000ff0000000000000000000000aa"), Ok(0xff));
        for bad in ["", "x", "-1", "+1", "0x", "0x+1", "0x11112222333344445", "18446744073709551616", "1.0", "deadbeef"]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
