//! The rules on the code that builds commits, the code that writes rows, and the content of rows (LIFE-03, PROG-11).
//!
//! These rules miss a change to a row through a function that hides the field. They also miss a name that a macro
//! introduces. Reviews must find such code.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, Fields, Item, Member, Type};

use crate::source::{Finding, Kind, Source, tokens};

/// The types that make up a commit.
const BUILT: [&str; 6] = ["WriteSet", "StatusWrite", "Addition", "Settle", "Seal", "Accept"];

/// LIFE-03: status, outcome and counts change only through write sets, and only the run service builds write sets. A
/// definition, a pattern and a variant of the same name do not build a write set. The types of a write set may not be
/// renamed on import, since a rename would hide code that builds them.
pub(crate) fn built_by_the_service(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test && source.path != "engine/src/service.rs") {
        let mut builders = Builders { source, own: None, findings: &mut findings };
        builders.visit_file(&source.tree);
    }
    findings
}

struct Builders<'a> {
    source: &'a Source,
    /// The type of the current `impl`. An expression `Self { … }` builds it.
    own: Option<String>,
    findings: &'a mut Vec<Finding>,
}

impl Builders<'_> {
    fn found(&mut self, name: &str, line: usize) {
        let message = format!("builds a `{name}`; add a function to engine/src/service.rs and call it (LIFE-03)");
        self.findings.push(self.source.finding(line, message));
    }

    /// Scans tokens that are not a list of expressions, such as the definition of a macro or an invocation with its own
    /// syntax. A write-set type before braces counts as building, unless the braces end in `..`, which is possible only
    /// in a pattern.
    fn scan(&mut self, stream: proc_macro2::TokenStream) {
        let flat = tokens(stream);
        for (place, pair) in flat.windows(2).enumerate() {
            if BUILT.contains(&pair[0].text.as_str()) && pair[1].text == "{" {
                let end =
                    flat[place..].iter().position(|token| token.text == "}").map_or(flat.len(), |end| place + end);
                if flat[end - 1].text != "." {
                    self.found(&pair[0].text, pair[0].line);
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Builders<'_> {
    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let own = match &*item.self_ty {
            Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        let outer = std::mem::replace(&mut self.own, own);
        visit::visit_item_impl(self, item);
        self.own = outer;
    }

    fn visit_expr_struct(&mut self, expr: &'ast syn::ExprStruct) {
        let path: Vec<String> = expr.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let name = match path.as_slice() {
            [.., outer, _] if outer.starts_with(char::is_uppercase) => None,
            [only] if only == "Self" => self.own.clone(),
            [.., name] => Some(name.clone()),
            [] => None,
        };
        let is_pattern = expr.dot2_token.is_some() && expr.rest.is_none();
        if let Some(name) = name.filter(|name| BUILT.contains(&name.as_str()) && !is_pattern) {
            self.found(&name, expr.span().start().line);
        }
        visit::visit_expr_struct(self, expr);
    }

    fn visit_use_rename(&mut self, rename: &'ast syn::UseRename) {
        let name = rename.ident.to_string();
        if BUILT.contains(&name.as_str()) {
            let message = format!("renames `{name}`, which hides the code that builds it; keep the name (LIFE-03)");
            self.findings.push(self.source.finding(rename.span().start().line, message));
        }
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        let list = Punctuated::<Expr, syn::Token![,]>::parse_terminated;
        match list.parse2(invocation.tokens.clone()) {
            // The parsed expressions live only as long as this call, not as long as the visited tree.
            Ok(exprs) => {
                let mut inside = Builders { source: self.source, own: self.own.clone(), findings: self.findings };
                exprs.iter().for_each(|expr| inside.visit_expr(expr));
            }
            Err(_) => self.scan(invocation.tokens.clone()),
        }
    }
}

/// The fields of a run's row that only a commit may change.
const GUARDED: [&str; 3] = ["counts", "outcome", "status"];
/// Methods that change their receiver.
const CHANGING: [&str; 7] = ["add", "clone_from", "get_or_insert", "insert", "replace", "set", "take"];

/// LIFE-03: only storage writes the content of a commit to the rows. The faulty stores of the harness are exempt,
/// because they are wrong on purpose.
pub(crate) fn written_by_storage(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let judged = |source: &&Source| {
        let ours = source.path.starts_with("engine/src/") || source.path.starts_with("sim/src/");
        ours && !source.is_test && !source.path.starts_with("engine/src/storage/")
    };
    for source in sources.iter().filter(judged) {
        Writers { source, findings: &mut findings }.visit_file(&source.tree);
    }
    findings
}

struct Writers<'a> {
    source: &'a Source,
    findings: &'a mut Vec<Finding>,
}

impl Writers<'_> {
    fn target(&mut self, expr: &Expr) {
        if let Some(field) = guarded(expr) {
            let message = format!(
                "writes `.{field}` of a row; in engine/src/service.rs, add the change to a write \
                 set, which engine/src/storage/ commits (LIFE-03)"
            );
            self.findings.push(self.source.finding(expr.span().start().line, message));
        }
    }
}

/// Returns the guarded field in an expression such as `run.outcome` or `run.counts.processed`.
fn guarded(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::Field(field) => {
            let here = match &field.member {
                Member::Named(name) => GUARDED.into_iter().find(|guarded| name == guarded),
                Member::Unnamed(_) => None,
            };
            here.or_else(|| guarded(&field.base))
        }
        Expr::Index(index) => guarded(&index.expr),
        Expr::Paren(paren) => guarded(&paren.expr),
        Expr::Unary(unary) => guarded(&unary.expr),
        _ => None,
    }
}

impl<'ast> Visit<'ast> for Writers<'_> {
    fn visit_expr_assign(&mut self, expr: &'ast syn::ExprAssign) {
        self.target(&expr.left);
        visit::visit_expr_assign(self, expr);
    }

    fn visit_expr_binary(&mut self, expr: &'ast syn::ExprBinary) {
        use BinOp::{AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign, SubAssign};
        if matches!(
            expr.op,
            AddAssign(_)
                | SubAssign(_)
                | MulAssign(_)
                | DivAssign(_)
                | RemAssign(_)
                | BitAndAssign(_)
                | BitOrAssign(_)
                | BitXorAssign(_)
        ) {
            self.target(&expr.left);
        }
        visit::visit_expr_binary(self, expr);
    }

    fn visit_expr_reference(&mut self, expr: &'ast syn::ExprReference) {
        if expr.mutability.is_some() {
            self.target(&expr.expr);
        }
        visit::visit_expr_reference(self, expr);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if CHANGING.iter().any(|method| call.method == method) {
            self.target(&call.receiver);
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// The rows of storage.
const STORED: [&str; 5] = ["Head", "Run", "WorkUnit", "Job", "Row"];
/// Values that are computed when they are shown.
const SHOWN: [&str; 3] = ["mode", "percent", "progress"];

/// PROG-11: no row, and no type that is part of a row, stores a mode, a percentage or progress.
pub(crate) fn no_progress_stored(sources: &[Source]) -> Vec<Finding> {
    let engine = |source: &&Source| source.path.starts_with("engine/src/") && !source.is_test;
    let mut types: BTreeMap<String, Vec<(&Source, &Fields)>> = BTreeMap::new();
    for source in sources.iter().filter(engine) {
        for item in &source.tree.items {
            let (name, fields): (_, Vec<&Fields>) = match item {
                Item::Struct(item) => (&item.ident, vec![&item.fields]),
                Item::Enum(item) => (&item.ident, item.variants.iter().map(|variant| &variant.fields).collect()),
                _ => continue,
            };
            types.entry(name.to_string()).or_default().extend(fields.into_iter().map(|fields| (source, fields)));
        }
    }
    let mut findings = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<String> = STORED.map(str::to_owned).to_vec();
    while let Some(name) = open.pop() {
        let Some(fields) = types.get(&name) else { continue };
        if !seen.insert(name.clone()) {
            continue;
        }
        for (source, field) in
            fields.iter().flat_map(|(source, fields)| fields.iter().map(move |field| (source, field)))
        {
            let field_name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            let words = tokens(field.ty.to_token_stream()).into_iter().filter(|token| token.kind == Kind::Name);
            let words: Vec<String> = words.map(|token| token.text).collect();
            let shown = words.iter().chain([&field_name]).any(|word| is_shown(word));
            if shown {
                let message = format!(
                    "the stored type `{name}` has `{field_name}: {}`; derive the value from the family and \
                     the counts when it is shown (PROG-11)",
                    words.join("::")
                );
                findings.push(source.finding(field.span().start().line, message));
            }
            open.extend(words);
        }
    }
    // A row that was renamed would no longer be checked, so the list must be kept up to date.
    for missing in STORED.into_iter().filter(|name| !seen.contains(*name)) {
        findings.push(Source::new("engine/src/lib.rs", "").finding(
            1,
            format!("there is no row `{missing}`; update the list in conformance/cli/tests/architecture/rows.rs"),
        ));
    }
    findings
}

/// Returns whether a part of a name begins with one of the words in [`SHOWN`], ignoring case. `run_mode` and
/// `ProgressView` match, but `processed` does not.
fn is_shown(name: &str) -> bool {
    let name = name.to_lowercase();
    name.split('_').any(|part| SHOWN.iter().any(|word| part.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const ROWS: &str = "pub struct Head { status: Status } pub struct Run { head: Head, processed: u64 } \
                        pub struct WorkUnit; pub struct Job { state: State } pub struct Row;";

    fn count(rule: fn(&[Source]) -> Vec<Finding>, path: &str, text: &str) -> usize {
        rule(&[Source::new(path, text)]).len()
    }

    #[rstest]
    #[case::plain("fn f() -> WriteSet { WriteSet { run } }")]
    #[case::by_a_path("fn f() { g(storage::Seal { run, ..old }) }")]
    #[case::inside("fn f() { x.addition = Some(Addition { unit, units }) }")]
    #[case::as_self("impl Settle { fn new() -> Self { Self { unit } } }")]
    #[case::in_an_arm("fn f() { match x { 1 => StatusWrite { status }, _ => y } }")]
    #[case::in_a_macro("fn f() { vec![WriteSet { run }] }")]
    #[case::in_the_definition_of_a_macro("macro_rules! m { ($x:expr) => { Seal { run: $x } } }")]
    #[case::renamed("use crate::storage::{WriteSet as Changes};")]
    fn building_a_write_set_is_found(#[case] text: &str) {
        for path in ["engine/src/operation/work.rs", "sim/src/world.rs", "conformance/mutants/src/lib.rs"] {
            assert_eq!(count(built_by_the_service, path, text), 1, "{text}");
        }
        assert_eq!(count(built_by_the_service, "engine/src/service.rs", text), 0);
    }

    #[rstest]
    #[case::definition("pub struct WriteSet { run: RunId }")]
    #[case::let_pattern("fn f() { let WriteSet { run, .. } = x; }")]
    #[case::whole_pattern("fn f() { if let Some(Settle { unit, units }) = x {} }")]
    #[case::argument("fn f(Addition { unit, .. }: Addition) -> Seal { g(|Seal { run }| run) }")]
    #[case::arm("fn f() { match x { Seal { run } => run } }")]
    #[case::matching("fn f() { assert!(matches!(x, StatusWrite { status: None, .. })) }")]
    #[case::variant("enum At { Seal { fan_out: bool } } fn f() { At::Seal { fan_out: true } }")]
    #[case::test("#[cfg(test)] mod tests { fn f() { WriteSet { run } } }")]
    fn code_that_only_resembles_building_a_write_set_is_not_found(#[case] text: &str) {
        assert_eq!(count(built_by_the_service, "engine/src/storage.rs", text), 0, "{text}");
    }

    #[rstest]
    #[case::assignment("fn f() { run.outcome = Some(x); }")]
    #[case::nested("fn f() { rows[0].head.status = Status::Completed; }")]
    #[case::through_a_field("fn f() { run.counts.processed += 1; }")]
    #[case::method("fn f() { run.counts.add(Key::Processed, 1); }")]
    #[case::borrowed("fn f() { g(&mut run.counts); }")]
    fn writing_a_row_is_found(#[case] text: &str) {
        assert_eq!(count(written_by_storage, "engine/src/operation/work.rs", text), 1, "{text}");
        assert_eq!(count(written_by_storage, "sim/src/world.rs", text), 1, "{text}");
        assert_eq!(count(written_by_storage, "engine/src/storage/memory.rs", text), 0, "{text}");
    }

    #[rstest]
    #[case::reading("fn f() { let x = run.counts.get(Key::Total); run.status == x }")]
    #[case::another_field("fn f() { run.version = 1; counts.add(key, 1); }")]
    fn reading_a_row_is_not_found(#[case] text: &str) {
        assert_eq!(count(written_by_storage, "engine/src/operation/work.rs", text), 0, "{text}");
    }

    #[rstest]
    #[case::named("processed: u64", "percent: u8", 1)]
    #[case::named_longer("processed: u64", "percent_done: u8", 1)]
    #[case::typed("processed: u64", "shown: Option<progress::Mode>", 1)]
    #[case::through_another("pub struct Row;", "pub struct Row(Inner); struct Inner { x: Progress }", 1)]
    #[case::through_a_variant("pub struct Row;", "pub struct Row(Inner); enum Inner { A, B { mode: u8 } }", 1)]
    #[case::row_renamed("pub struct Row;", "pub struct ObjectRow;", 1)]
    #[case::elsewhere("pub struct Row;", "pub struct Row; pub struct View { percent: u8 }", 0)]
    #[case::nothing("", "", 0)]
    fn stored_progress_is_found(#[case] good: &str, #[case] other: &str, #[case] findings: usize) {
        assert_eq!(count(no_progress_stored, "engine/src/run.rs", &ROWS.replacen(good, other, 1)), findings);
    }

    #[test]
    fn a_finding_has_a_position_and_a_suggestion() {
        let source = Source::new("sim/src/world.rs", "//! x\nfn f() {\n    run.outcome = None;\n}\n");
        let findings: Vec<String> = written_by_storage(&[source]).iter().map(ToString::to_string).collect();
        assert_eq!(
            findings,
            ["sim/src/world.rs:3: writes `.outcome` of a row; in engine/src/service.rs, add the \
              change to a write set, which engine/src/storage/ commits (LIFE-03)"]
        );
    }
}
