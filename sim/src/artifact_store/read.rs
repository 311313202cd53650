//! Reads a pack as any reader would, and checks its entries against its manifest.
//!
//! This reader was written from the text of clause ARTF-01, not from the code of the writer. A reader that shared the
//! writer's bugs would miss them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use truecount_engine::hash::mix;
use truecount_engine::id::ObjectId;
use truecount_engine::index::ix;
use truecount_engine::unit::Resolution;
use zip::{CompressionMethod, DateTime, ZipArchive};

use super::digest::{hex, sha_256, short};
use crate::trace::resolution_code;

/// The manifest, which lists all other files.
const MANIFEST: &str = "MANIFEST.sha256";

/// The content of a pack.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Held {
    /// Whether the pack can be read to the end, is uncompressed and has no timestamps. Its entries must also match its
    /// manifest in order and digest.
    pub whole: bool,
    /// Number of entries, not counting the manifest.
    pub entries: u32,
    /// A digest of the manifest's entries in order. Each entry adds its object, its resolution and the first bytes of
    /// the digest of its content.
    pub held: u64,
}

/// Returns the content of a pack. `names` contains the names of the objects, by index and in ascending order.
pub fn read(bytes: &[u8], names: &[String]) -> Held {
    let Some(files) = files(bytes) else { return Held::default() };
    let Some(((name, manifest), entries)) = files.split_last() else { return Held::default() };
    if name != MANIFEST {
        return Held::default();
    }
    let count = ix(entries.len());
    let unreadable = Held { entries: count, ..Held::default() };
    let Ok(text) = str::from_utf8(manifest) else { return unreadable };
    let Some(lines) = listed(text, names) else { return unreadable };
    let listed = lines.iter().filter_map(|line| Some((line.path, line.digest?)));
    let found = entries.iter().map(|(path, content)| (path.as_str(), hex(sha_256(content))));
    let whole = listed.map(|(path, digest)| (path, digest.to_owned())).eq(found);
    let content: BTreeMap<&str, u64> =
        entries.iter().map(|(path, content)| (path.as_str(), short(sha_256(content)))).collect();
    let fold = |digest, line: &Line<'_>| {
        let content = content.get(line.path).copied().unwrap_or(0);
        let resolution = u64::from(resolution_code(line.resolution));
        mix(mix(mix(digest, u64::from(line.object.0)), resolution), content)
    };
    Held { whole, entries: count, held: lines.iter().fold(0, fold) }
}

/// Returns the files in archive order, or `None` if any file cannot be read, is compressed or has a timestamp.
fn files(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut files = Vec::with_capacity(archive.len());
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).ok()?;
        let plain = file.compression() == CompressionMethod::Stored;
        let timeless = file.last_modified().is_none_or(|time| time == DateTime::DEFAULT);
        let name = file.name().ok()?.into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).ok()?;
        if !plain || !timeless {
            return None;
        }
        files.push((name, content));
    }
    Some(files)
}

/// A planned entry as listed in the manifest.
struct Line<'t> {
    path: &'t str,
    object: ObjectId,
    resolution: Resolution,
    digest: Option<&'t str>,
}

/// Returns the planned entries of a manifest, or `None` if the manifest is malformed. Each entry has a comment line
/// with its resolution. If the entry has content, a line with the digest of the content follows.
fn listed<'t>(text: &'t str, names: &[String]) -> Option<Vec<Line<'t>>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let (path, resolution) = comment.split_once(": ")?;
            let (_, name) = path.split_once('-')?;
            let object = match names.binary_search_by(|known| known.as_str().cmp(name)) {
                Ok(place) => ix(place),
                Err(_) => name.strip_prefix("object-")?.parse().ok()?,
            };
            let resolution = Resolution::from_name(resolution)?;
            lines.push(Line { path, object: ObjectId(object), resolution, digest: None });
        } else {
            let (digest, path) = line.split_once("  ")?;
            let last = lines.last_mut()?;
            if last.path != path || last.digest.is_some() {
                return None;
            }
            last.digest = Some(digest);
        }
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use truecount_engine::artifact::Entry;
    use truecount_engine::family::{FamilyId, family};
    use truecount_engine::unit::Failure;

    use super::*;

    fn names() -> Vec<String> {
        ["a", "b", "c"].map(str::to_owned).to_vec()
    }

    fn pack(entries: &[Entry<'_>]) -> Vec<u8> {
        let pack = family(FamilyId::ReviewPackGenerate).pack.expect("a family that packs");
        pack(entries)
    }

    fn entries() -> Vec<Entry<'static>> {
        let entry = |name, resolution, content| Entry { name, resolution, content };
        vec![
            entry("b", Resolution::Succeeded, Some(&b"of b"[..])),
            entry("a", Resolution::Failed(Failure::NotFound), None),
            entry("c", Resolution::Succeeded, Some(&b""[..])),
        ]
    }

    #[test]
    fn a_pack_reads_back_as_it_was_written() {
        let held = read(&pack(&entries()), &names());
        let lines = [
            (1, Resolution::Succeeded, short(sha_256(b"of b"))),
            (0, Resolution::Failed(Failure::NotFound), 0),
            (2, Resolution::Succeeded, short(sha_256(b""))),
        ];
        let fold = |digest, (object, resolution, content): (u64, Resolution, u64)| {
            mix(mix(mix(digest, object), u64::from(resolution_code(resolution))), content)
        };
        assert_eq!(held, Held { whole: true, entries: 2, held: lines.into_iter().fold(0, fold) });
        assert_eq!(read(&pack(&[]), &names()), Held { whole: true, entries: 0, held: 0 });
    }

    #[test]
    fn order_resolution_content_and_number_of_entries_change_the_digest() {
        let whole = read(&pack(&entries()), &names());
        let changed = |edit: fn(&mut Vec<Entry<'static>>)| {
            let mut entries = entries();
            edit(&mut entries);
            read(&pack(&entries), &names())
        };
        let edits: [fn(&mut Vec<Entry<'static>>); 5] = [
            |entries| entries.reverse(),
            |entries| entries[1].resolution = Resolution::Failed(Failure::Rejected),
            |entries| entries[0].content = Some(b"of c"),
            |entries| entries[2].content = None,
            |entries| entries.truncate(2),
        ];
        for edit in edits {
            assert_ne!(changed(edit).held, whole.held);
        }
    }

    #[test]
    fn a_torn_or_altered_pack_is_not_whole() {
        let bytes = pack(&entries());
        for length in 0..bytes.len() {
            assert!(!read(&bytes[..length], &names()).whole, "cut to {length} bytes");
        }
        // A pack in which one bit of an entry's content is flipped.
        let other = pack(&[Entry { name: "b", resolution: Resolution::Succeeded, content: Some(b"of B") }]);
        let one = pack(&[Entry { name: "b", resolution: Resolution::Succeeded, content: Some(b"of b") }]);
        assert_eq!(other.len(), one.len());
        let at = one.windows(4).position(|part| part == b"of b").expect("uncompressed content");
        let mut flipped = one.clone();
        flipped[at] ^= 1;
        assert!(read(&one, &names()).whole && !read(&flipped, &names()).whole);
        assert!(!read(b"no archive", &names()).whole);
        assert!(!read(&one, &["x".to_owned()]).whole, "a pack with an entry for an unknown object is whole");
    }
}
