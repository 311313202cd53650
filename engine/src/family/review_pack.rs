//! The pack: an uncompressed ZIP file with the entries, in the order of the plan, and a manifest.
//!
//! The manifest, `MANIFEST.sha256`, lists every planned entry with its resolution. For entries with content, it also
//! lists the SHA-256, so that `sha256sum --check` can read the manifest. The pack contains nothing else: no time and no
//! user. The pack is not compressed, since compressed bytes could depend on the version of the library. As a result,
//! equal entries give equal bytes.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use crate::artifact::{Digest, Entry};
/// The maximum number of characters of a name that are kept in a path.
const NAME_MAX: usize = 200;

/// The name of the manifest in the pack. No entry can have this name, since entry names begin with a number.
const MANIFEST: &str = "MANIFEST.sha256";

/// Returns the bytes of a pack with these entries.
pub(super) fn pack(entries: &[Entry<'_>]) -> Vec<u8> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644)
        .system(System::Unix);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut manifest = String::new();
    for (place, entry) in entries.iter().enumerate() {
        let path = path(place, entry.name);
        manifest.push_str(&format!("# {path}: {}\n", entry.resolution.name()));
        let Some(content) = entry.content else { continue };
        manifest.push_str(&format!("{}  {path}\n", Digest::of(content)));
        add(&mut zip, &path, content, options);
    }
    add(&mut zip, MANIFEST, manifest.as_bytes(), options);
    let packed = zip.finish().unwrap_or_else(|error| unreachable!("writing to memory cannot fail: {error}"));
    packed.into_inner()
}

fn add(zip: &mut ZipWriter<Cursor<Vec<u8>>>, path: &str, content: &[u8], options: SimpleFileOptions) {
    let options = options.large_file(u32::try_from(content.len()).is_err());
    let added = zip.start_file(path, options).and_then(|()| Ok(zip.write_all(content)?));
    added.unwrap_or_else(|error| unreachable!("paths are unique and writing to memory cannot fail: {error}"));
}

/// Returns the path of an entry: its index in the plan, from 1, and its name. Characters that a file system might
/// interpret are replaced.
fn path(place: usize, name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = name.chars().take(NAME_MAX).map(plain).collect();
    format!("{:04}-{name}", place + 1)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use rstest::rstest;
    use zip::ZipArchive;

    use super::*;
    use crate::unit::{Failure, Resolution};

    const GONE: Resolution = Resolution::Failed(Failure::NotFound);

    fn entries() -> [Entry<'static>; 3] {
        [
            Entry { name: "plan.pdf", resolution: Resolution::Succeeded, content: Some(b"a plan") },
            Entry { name: "lost", resolution: GONE, content: None },
            Entry { name: "empty", resolution: Resolution::Succeeded, content: Some(b"") },
        ]
    }

    fn read(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
        (0..archive.len())
            .map(|place| {
                let mut file = archive.by_index(place).expect("an entry");
                let mut content = Vec::new();
                file.read_to_end(&mut content).expect("content that matches its checksum");
                (file.name().expect("text").into_owned(), content)
            })
            .collect()
    }

    #[test]
    fn a_pack_contains_succeeded_entries_and_a_manifest_of_all_entries() {
        let files = read(&pack(&entries()));
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["0001-plan.pdf", "0003-empty", MANIFEST]);
        assert_eq!(files[0].1, b"a plan");
        let manifest = String::from_utf8(files[2].1.clone()).expect("text");
        let expected = format!(
            "# 0001-plan.pdf: succeeded\n{}  0001-plan.pdf\n# 0002-lost: failed(not_found)\n# 0003-empty: succeeded\n{}  0003-empty\n",
            Digest::of(b"a plan"),
            Digest::of(b"")
        );
        assert_eq!(manifest, expected);
    }

    /// The digest pins every byte: the bytes must be the same on every machine and with every version of the library.
    #[test]
    fn equal_entries_give_equal_bytes_everywhere() {
        let digest = Digest::of(&pack(&entries())).to_string();
        assert_eq!(digest, "a7212d76a6de774266a231e38c6de1610d4ae30cbe7c1044f995b1d65aafce44");
    }

    #[test]
    fn resolutions_are_part_of_the_bytes() {
        let mut other = entries();
        other[1].resolution = Resolution::Failed(Failure::Rejected);
        assert_ne!(pack(&other), pack(&entries()));
        assert_eq!(read(&pack(&[])).len(), 1, "a pack without entries is not just a manifest");
    }

    #[rstest]
    #[case::up("../../etc/passwd", "0001-.._.._etc_passwd")]
    #[case::root("/etc/passwd", "0001-_etc_passwd")]
    #[case::windows("C:\\x", "0001-C__x")]
    #[case::line("a\nb", "0001-a_b")]
    #[case::the_manifest(MANIFEST, "0001-MANIFEST.sha256")]
    #[case::empty("", "0001-")]
    fn a_name_cannot_escape_the_folder(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(path(0, name), expected);
    }
}
