//! Reads hand-written JSON (scenarios, test vectors) and keeps the location of everything it reads.
//!
//! A document goes through three steps, each of which can be used alone:
//!
//! 1. [`read_document`] reads a bounded number of bytes and checks that they are UTF-8;
//! 2. [`parse`] turns them into a tree of [`Node`]s, each with its [`Span`];
//! 3. [`from_node`] reads a `serde` type from that tree, and reports the node that does not fit.
//!
//! This crate does not depend on scenarios: it has no keys, defaults or meanings of its own. It never turns a number
//! into a float: a [`Value::Number`] is the literal as the author wrote it.

pub mod disk;
pub mod problem;

mod access;
mod cursor;
mod de;
mod document;
mod fault;
mod key;
mod limits;
mod literal;
mod misfit;
mod nearest;
mod node;
mod parse;
mod plain;
mod read;
mod salvage;
mod text;
mod variant;
mod whole;
mod words;

pub use de::from_node;
pub use document::Document;
pub use fault::Fault;
pub use limits::{Duplicates, Limits};
pub use misfit::Misfit;
pub use nearest::nearest;
pub use node::{Member, Node, Span, Step, Value};
pub use parse::{parse, parse_text};
pub use read::{is_own, read_bytes, read_document, read_text};
pub use words::{choice, escaped, is_active, quoted};
