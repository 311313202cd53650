//! Fills `serde` types from a tree and continues after a fault, so that all faults are reported at once.
//!
//! `serde` stops at the first value that does not fit. The fault is therefore repaired in a copy of the tree, and the
//! copy is read again. A repair removes or renames a key, or inserts a value that fits every type. Once a fault has
//! been found, the value that is read is discarded.

use std::slice;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, MapAccess};

use super::misfit::Mistake;
use super::words::quoted;
use super::{Fault, Member, Misfit, Node, Span, Value};

/// The maximum number of faults that are reported.
const FAULTS_MAX: usize = 64;
/// The maximum number of bytes that are read again to find faults. For a large file, fewer faults are reported at once.
const BYTES_MAX: usize = 4 << 20;

/// A value that fits every type.
static LOST: Node = Node { span: Span { start: 0, end: 0 }, value: Value::Lost };

/// Returns the value of `root`.
///
/// # Errors
///
/// Returns one or more faults, in the order of the document. Each fault belongs to an innermost node that does not fit
/// the type. A large document with many faults may have more faults than are returned.
pub(super) fn from_node_all<T: DeserializeOwned>(root: &Node) -> Result<T, Vec<Fault>> {
    let mut misfit = match T::deserialize(root) {
        Ok(value) => return Ok(value),
        Err(misfit) => misfit,
    };
    let rounds = BYTES_MAX / root.span.range().len().max(1);
    let (mut tree, mut faults) = (root.clone(), Vec::new());
    loop {
        let mistake = misfit.mistake();
        let fault = misfit.into_fault(&tree);
        let span = fault.span;
        let repaired = repair(&mut tree, span, &mistake);
        // A fault that cannot be repaired was caused by an earlier repair, not by the author.
        if repaired || faults.is_empty() {
            add(&mut faults, fault, &mistake);
        }
        if !repaired || faults.len() >= rounds.min(FAULTS_MAX) {
            break;
        }
        match T::deserialize(&tree) {
            Ok(_) => break,
            Err(next) => misfit = next,
        }
    }
    faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
    Err(faults)
}

/// Adds a fault. All missing keys of one object are reported as a single fault.
fn add(faults: &mut Vec<Fault>, fault: Fault, mistake: &Mistake) {
    if let Mistake::Missing(key) = mistake
        && let Some(other) = faults.iter_mut().find(|other| other.rule == fault.rule && other.span == fault.span)
    {
        other.message = format!("{}, {}", other.message.replacen("key ", "keys ", 1), quoted(key));
        return;
    }
    faults.push(fault);
}

/// Undoes a mistake at `span`, and returns whether that was possible.
fn repair(node: &mut Node, span: Span, mistake: &Mistake) -> bool {
    if span == LOST.span {
        return false;
    }
    let here = node.span == span || node.opening() == span;
    match (&mut node.value, mistake) {
        (Value::Object(members), Mistake::Missing(key)) if here => {
            members.push(Member { key: (*key).to_owned(), key_span: LOST.span, value: LOST.clone() });
            true
        }
        (Value::Lost, _) => false,
        (value, _) if here => {
            *value = Value::Lost;
            true
        }
        (Value::Array(elements), _) => elements.iter_mut().any(|element| repair(element, span, mistake)),
        (Value::Object(members), _) => match members.iter().position(|member| member.key_span == span) {
            Some(index) => {
                repair_key(members, index, mistake);
                true
            }
            None => members.iter_mut().any(|member| repair(&mut member.value, span, mistake)),
        },
        _ => false,
    }
}

/// Renames a member to the key that was probably meant, or removes it.
fn repair_key(members: &mut Vec<Member>, index: usize, mistake: &Mistake) {
    match mistake {
        // Without the new name, the intended key would also be reported as missing, and its value would not be checked.
        Mistake::Unknown(Some(meant)) if !members.iter().any(|member| member.key == *meant) => {
            (*meant).clone_into(&mut members[index].key);
        }
        _ => {
            members.remove(index);
        }
    }
}

/// The fields of a struct that could not be read. The value of each is `LOST`.
pub(super) struct LostFields(slice::Iter<'static, &'static str>);

impl LostFields {
    pub(super) fn new(fields: &'static [&'static str]) -> Self {
        Self(fields.iter())
    }
}

impl<'de> MapAccess<'de> for LostFields {
    type Error = Misfit;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Misfit> {
        let field = self.0.next();
        field.map(|field| seed.deserialize(BorrowedStrDeserializer::new(field))).transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Misfit> {
        seed.deserialize(&LOST)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::super::{Limits, parse_text};
    use super::from_node_all;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "the tests only read the faults")]
    struct Plan {
        seed: u8,
        runs: Vec<Run>,
        workers: Workers,
        #[serde(default)]
        quiet: bool,
        note: Option<String>,
        #[serde(default)]
        faults: BTreeMap<String, Kind>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "the tests only read the faults")]
    struct Run {
        name: String,
        family: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "the tests only read the faults")]
    struct Workers {
        least: u8,
        pair: (u8, u8),
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Soft,
        Hard,
    }

    /// Checks the text and the message of each fault.
    fn check(text: &str, expected: &[(&str, &str)]) {
        let root = parse_text(text, &Limits::default()).expect("the text is JSON");
        let faults = from_node_all::<Plan>(&root).err().unwrap_or_default();
        let found: Vec<(&str, &str)> =
            faults.iter().map(|fault| (&text[fault.span.range()], &*fault.message)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_fault_is_found() {
        let workers = r#""workers": {"least": 1, "pair": [1, 2]}"#;
        check(&format!(r#"{{"seed": 1, "runs": [], {workers}, "faults": {{"a": "soft"}}}}"#), &[]);
        check(
            &format!(
                r#"{{"sed": "1", "odd": 1, "runs": [{{"nam": "a"}}, 7, {{}}], {workers}, "quiet": "true", "note": 5}}"#
            ),
            &[
                ("\"sed\"", "unknown key `sed`"),
                ("\"1\"", "expected an integer from 0 to 255, found a string"),
                ("\"odd\"", "unknown key `odd`"),
                ("{", "missing key `family`"),
                ("\"nam\"", "unknown key `nam`"),
                ("7", "expected an object, found a number"),
                ("{", "missing keys `name`, `family`"),
                ("\"true\"", "expected `true` or `false`, found a string"),
                ("5", "expected a string, found a number"),
            ],
        );
    }

    #[test]
    fn a_fault_that_cannot_be_repaired_ends_the_search() {
        check("7", &[("7", "expected an object, found a number")]);
        check(r#"{"workers": 7, "faults": {"a": "hard"}, "note": 5}"#, &[("7", "expected an object, found a number")]);
    }
}
