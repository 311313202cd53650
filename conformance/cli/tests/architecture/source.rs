//! The parsed sources of the workspace, without their tests, because most rules do not apply to tests.
//!
//! A parser reads the code. A word in a comment or a string is therefore not mistaken for code, nor a pattern for an
//! expression.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, Lit};

/// A violation of a rule, with its position.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    /// The problem and how to fix it.
    message: String,
}

impl Finding {
    /// Returns a finding in the file with this path below the root of the workspace.
    pub(crate) fn at(path: &str, line: usize, message: String) -> Self {
        Self { path: path.to_owned(), line, message }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// The kinds of token that the rules distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or a keyword.
    Name,
    /// A number with a fraction, an exponent or the suffix of a float type.
    Float,
    /// A string, a character or any other number.
    Literal,
    /// One character of punctuation, brackets included.
    Mark,
}

/// A token and its line, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) kind: Kind,
    pub(crate) line: usize,
}

/// A source file.
pub(crate) struct Source {
    /// The path below the root of the workspace, with `/` on every system.
    pub(crate) path: String,
    /// The whole text.
    pub(crate) text: String,
    /// The syntax tree without test modules.
    pub(crate) tree: syn::File,
    /// The tokens of that tree, without documentation.
    pub(crate) tokens: Vec<Token>,
    /// Whether the whole file is a test.
    pub(crate) is_test: bool,
    /// The test modules that are declared here and live in files of their own.
    test_modules: Vec<String>,
}

impl Source {
    /// Parses the text of the file at this path.
    pub(crate) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let (path, text) = (path.into(), text.into());
        let mut tree = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut test_modules = Vec::new();
        strip_tests(&mut tree.items, &mut test_modules);
        let tokens = tokens(tree.to_token_stream());
        let is_test = path.contains("/tests/");
        Self { path, text, tree, tokens, is_test, test_modules }
    }

    /// Returns a finding in this file.
    pub(crate) fn finding(&self, line: usize, message: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, message: message.into() }
    }

    /// Returns whether the file is this module or lies below it. `module` is a path without `.rs`.
    pub(crate) fn within(&self, module: &str) -> bool {
        self.path.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    }

    /// Returns the path of the module without `.rs`, which is also the folder of its child modules.
    pub(crate) fn module(&self) -> &str {
        ["/lib.rs", "/main.rs", "/mod.rs", ".rs"]
            .into_iter()
            .find_map(|end| self.path.strip_suffix(end))
            .unwrap_or(&self.path)
    }
}

/// Returns the root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the folders of the workspace's members, as its manifest lists them.
pub(crate) fn members() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest of the workspace");
    let list = manifest.split("\nmembers = [").nth(1).and_then(|rest| rest.split(']').next()).expect("the members");
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Returns every source of the workspace's members, in path order.
pub(crate) fn workspace() -> Vec<Source> {
    let root = root();
    let mut paths = Vec::new();
    for member in members() {
        for folder in ["src", "tests", "benches"] {
            collect(&root.join(&member).join(folder), &mut paths);
        }
    }
    paths.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let below = path.strip_prefix(&root).unwrap_or(path);
        let parts: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        Source::new(parts.join("/"), text)
    };
    let mut sources: Vec<Source> = paths.iter().map(read).collect();
    mark_tests(&mut sources);
    sources
}

/// Marks the files of modules that are declared as tests, and all files below these modules.
pub(crate) fn mark_tests(sources: &mut [Source]) {
    let declared = |source: &Source| {
        let module = source.module().to_owned();
        source.test_modules.iter().map(move |name| format!("{module}/{name}")).collect::<Vec<_>>()
    };
    let tests: BTreeSet<String> = sources.iter().flat_map(declared).collect();
    for source in sources {
        source.is_test |= tests.iter().any(|module| source.within(module));
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    // A member need not have every folder.
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn strip_tests(items: &mut Vec<Item>, test_modules: &mut Vec<String>) {
    items.retain(|item| {
        let is_test = attributes(item).iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
        });
        if let (true, Item::Mod(module)) = (is_test, item)
            && module.content.is_none()
        {
            test_modules.push(module.ident.to_string());
        }
        !is_test
    });
    for item in items {
        if let Item::Mod(module) = item
            && let Some((_, items)) = &mut module.content
        {
            strip_tests(items, test_modules);
        }
    }
}

/// Returns the attributes of an item of a kind that can be marked as test-only. For other kinds, returns no attributes,
/// so that the item is judged like any code. Being too strict is safe.
fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Returns the tokens in order, including those inside brackets and macros, but without documentation.
pub(crate) fn tokens(stream: TokenStream) -> Vec<Token> {
    let mut flat = Vec::new();
    flatten(stream, &mut flat);
    flat
}

fn flatten(stream: TokenStream, flat: &mut Vec<Token>) {
    for tree in stream {
        let line = tree.span().start().line;
        let push = |flat: &mut Vec<Token>, text: String, kind| flat.push(Token { text, kind, line });
        match tree {
            TokenTree::Ident(name) => push(flat, name.to_string(), Kind::Name),
            TokenTree::Punct(mark) => push(flat, mark.as_char().to_string(), Kind::Mark),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let number = is_float(literal) && !after_field_dot(flat);
                push(flat, text, if number { Kind::Float } else { Kind::Literal });
            }
            TokenTree::Group(group) => {
                let end = group.span_close().start().line;
                let mut inside = Vec::new();
                flatten(group.stream(), &mut inside);
                let is_doc = inside.first().is_some_and(|token| token.text == "doc");
                if is_doc && flat.last().is_some_and(|token| token.text == "#" || token.text == "!") {
                    continue;
                }
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                flat.push(Token { text: open.to_owned(), kind: Kind::Mark, line });
                flat.append(&mut inside);
                flat.push(Token { text: close.to_owned(), kind: Kind::Mark, line: end });
            }
        }
    }
}

/// Returns the words of a text or a name in lower case. A capital after a lower-case letter begins a new word, as does
/// `_`.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for character in text.chars() {
        if !character.is_alphabetic() || (before.is_lowercase() && character.is_uppercase()) {
            words.push(String::new());
        }
        if character.is_alphabetic() {
            words.last_mut().expect("a word was begun").extend(character.to_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

fn is_float(literal: Literal) -> bool {
    match Lit::new(literal) {
        Lit::Float(_) => true,
        Lit::Int(number) => matches!(number.suffix(), "f32" | "f64"),
        _ => false,
    }
}

/// Returns whether the last token is a single dot. A following `0.1` is then part of a field access such as `pair.0.1`,
/// not a number. Two dots are a range.
fn after_field_dot(flat: &[Token]) -> bool {
    let dot = |back: usize| flat.len().checked_sub(back).is_some_and(|place| flat[place].text == ".");
    dot(1) && !dot(2)
}

#[test]
fn tests_comments_and_documentation_are_not_code() {
    let text = "//! Alpha.\n/// Beta.\nfn code() {\n    // gamma\n    let _ = (\"delta\", 1.5);\n}\n\
                #[cfg(test)]\nmod tests { fn epsilon() {} }\n#[cfg(test)]\nmod more_tests;\n\
                mod inner { #[cfg(test)] use zeta as _; #[cfg(unix)] use eta as _; }\n";
    let source = Source::new("engine/src/lib.rs", text);
    let words: Vec<&str> = source.tokens.iter().map(|token| token.text.as_str()).collect();
    for gone in ["Alpha", "Beta", "gamma", "epsilon", "more_tests", "zeta"] {
        assert!(!words.iter().any(|word| word.contains(gone)), "{gone} is in {words:?}");
    }
    for kept in ["code", "\"delta\"", "1.5", "eta"] {
        assert!(words.contains(&kept), "{kept} is not in {words:?}");
    }
    let delta = source.tokens.iter().find(|token| token.text == "\"delta\"").map(|token| token.line);
    assert_eq!(delta, Some(5));

    let mut sources = [source, Source::new("engine/src/more_tests.rs", ""), Source::new("engine/src/more.rs", "")];
    mark_tests(&mut sources);
    assert_eq!(sources.map(|source| source.is_test), [false, true, false]);
}

#[test]
fn a_field_of_a_field_is_not_a_float() {
    let floats = |text: &str| {
        let stream: TokenStream = text.parse().expect("tokens");
        tokens(stream).iter().filter(|token| token.kind == Kind::Float).count()
    };
    assert_eq!(["pair.0.1", "0..1", "1usize", "0x1e5"].map(floats), [0; 4]);
    assert_eq!(["1.5", "0..1.5", "1e5", "2f64", "1.0_f32"].map(floats), [1; 5]);
}
