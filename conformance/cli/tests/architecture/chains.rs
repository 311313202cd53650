//! Limits the number of `Option` combinators in one chain.
//!
//! The parser provides no types, so the rule uses the name of each method and of its neighbours. Combinators with the
//! same names on `Result` and on `bool` also count.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall, Pat, Token};

use crate::source::{Finding, Source};

/// The maximum number of combinators in one chain.
const LINKS_MAX: usize = 2;

/// The parts of the workspace in which chains are checked.
const PARTS: [&str; 2] = ["engine/src", "sim/src"];

/// Combinators that no iterator has.
const COMBINATORS: [&str; 19] = [
    "and_then",
    "is_none_or",
    "is_ok_and",
    "is_some_and",
    "map_err",
    "map_or",
    "map_or_default",
    "map_or_else",
    "ok",
    "ok_or",
    "ok_or_else",
    "or",
    "or_else",
    "then",
    "then_some",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
    "xor",
];

/// Combinators that iterators also have.
const SHARED: [&str; 7] = ["cloned", "copied", "filter", "flatten", "inspect", "map", "zip"];

/// Methods that only iterators have, or that create an iterator. A method with a shared name is an adaptor if one of
/// these methods follows it in the chain.
const ITERATORS: [&str; 34] = [
    "all",
    "any",
    "chain",
    "collect",
    "count",
    "enumerate",
    "filter_map",
    "find",
    "find_map",
    "flat_map",
    "fold",
    "for_each",
    "into_iter",
    "iter",
    "iter_mut",
    "last",
    "map_while",
    "max_by_key",
    "min_by_key",
    "next",
    "nth",
    "partition",
    "peekable",
    "position",
    "product",
    "rev",
    "rposition",
    "skip",
    "skip_while",
    "step_by",
    "sum",
    "take_while",
    "try_fold",
    "windows",
];

/// Methods of [`ITERATORS`] whose result is not an iterator.
const CONSUMERS: [&str; 18] = [
    "all",
    "any",
    "collect",
    "count",
    "find",
    "find_map",
    "fold",
    "for_each",
    "last",
    "max_by_key",
    "min_by_key",
    "next",
    "nth",
    "position",
    "product",
    "rposition",
    "sum",
    "try_fold",
];

/// Longer chains that are permitted: the file, the chain and the reason.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

/// A chain is a sequence of method calls, each on the result of the previous one. It has at most two combinators, in
/// any position. A longer chain is hard to read, and should be rewritten as a `let … else`, a `match` or a named
/// function.
///
/// A combinator is a method of [`COMBINATORS`], or a method of [`SHARED`] that is not an iterator adaptor. A shared
/// method is an adaptor if it precedes any method of [`ITERATORS`], or follows one that is not in [`CONSUMERS`]. Only
/// other shared methods may lie between the two.
///
/// A `?` ends a chain, and the arguments of a method are separate chains. So are the arguments of a macro if they are a
/// list of expressions. A macro with any other content is skipped.
pub(crate) fn short_chains(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut unneeded = EXCEPTIONS.to_vec();
    for source in sources.iter().filter(|source| judged(source)) {
        let mut chains = Chains::default();
        chains.visit_file(&source.tree);
        for (line, chain) in chains.long {
            let excepted = |(path, known, _): &(&str, &str, &str)| *path == source.path && *known == chain;
            if EXCEPTIONS.iter().any(excepted) {
                unneeded.retain(|exception| !excepted(exception));
                continue;
            }
            let message = format!(
                "`{chain}` is a chain of more than {LINKS_MAX} combinators; use `let … else`, `match` or a named function"
            );
            findings.push(source.finding(line, message));
        }
        for (path, chain, _) in unneeded.extract_if(.., |(path, ..)| *path == source.path) {
            findings.push(source.finding(1, format!("no chain `{chain}` in {path}; remove the exception")));
        }
    }
    findings
}

/// A `filter` that ignores its value should be an `if`.
pub(crate) fn no_blind_filters(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| judged(source)) {
        let mut filters = BlindFilters::default();
        filters.visit_file(&source.tree);
        let message = "a `filter` that ignores its value; write `if … { value } else { None }`";
        findings.extend(filters.lines.into_iter().map(|line| source.finding(line, message)));
    }
    findings
}

#[derive(Default)]
struct BlindFilters {
    lines: Vec<usize>,
}

impl<'ast> Visit<'ast> for BlindFilters {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if let (true, Some(Expr::Closure(closure))) = (call.method == "filter", call.args.first())
            && matches!(closure.inputs.first(), Some(Pat::Wild(_)))
        {
            self.lines.push(call.method.span().start().line);
        }
        visit::visit_expr_method_call(self, call);
    }
}

fn judged(source: &Source) -> bool {
    !source.is_test && PARTS.iter().any(|part| source.within(part))
}

#[derive(Default)]
struct Chains {
    /// The line and the combinators of each chain that is too long.
    long: Vec<(usize, String)>,
}

impl<'ast> Visit<'ast> for Chains {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let mut names = Vec::new();
        let mut call = call;
        let line = call.span().start().line;
        loop {
            names.push(call.method.to_string());
            for argument in &call.args {
                self.visit_expr(argument);
            }
            match &*call.receiver {
                Expr::MethodCall(before) => call = before,
                start => {
                    self.visit_expr(start);
                    break;
                }
            }
        }
        names.reverse();
        let combinators = combinators(&names);
        if combinators.len() > LINKS_MAX {
            self.long.push((line, combinators.join(".")));
        }
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        let list = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(invocation.tokens.clone());
        for expression in list.iter().flatten() {
            let mut inner = Self::default();
            inner.visit_expr(expression);
            self.long.append(&mut inner.long);
        }
        visit::visit_macro(self, invocation);
    }
}

/// Returns the combinators of a chain, given all of its methods in order.
fn combinators(names: &[String]) -> Vec<&str> {
    let mut sure: Vec<&str> = Vec::new();
    // The methods that follow a shared name decide whether it is a combinator.
    let mut open: Vec<&str> = Vec::new();
    let mut iterates = false;
    for name in names.iter().map(String::as_str) {
        if ITERATORS.contains(&name) {
            open.clear();
            iterates = !CONSUMERS.contains(&name);
        } else if COMBINATORS.contains(&name) {
            sure.append(&mut open);
            sure.push(name);
            iterates = false;
        } else if SHARED.contains(&name) {
            if !iterates {
                open.push(name);
            }
        } else {
            sure.append(&mut open);
            iterates = false;
        }
    }
    sure.append(&mut open);
    sure
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn lines(text: &str) -> Vec<String> {
        let text = format!("fn f() {{ {text} }}");
        short_chains(&[Source::new("engine/src/run.rs", text)]).iter().map(ToString::to_string).collect()
    }

    #[rstest]
    #[case::three("x.map(f).filter(g).unwrap_or(0);")]
    #[case::apart("x.map(f).filter(g).index().then(h);")]
    #[case::after_an_iterator("x.iter().map(f).find(g).map(h).filter(i).or(j);")]
    #[case::from_a_consumer("x.position(f).map(g).copied().filter(h);")]
    #[case::of_a_variable("let x = y.map(f).filter(g).zip(z);")]
    #[case::in_an_argument("g(x.ok().and_then(f).or(y));")]
    #[case::in_a_closure("x.iter().map(|y| y.ok().and_then(f).or(z)).collect();")]
    #[case::in_a_macro("assert!(x.ok().and_then(f).is_none_or(g), \"{}\", 1);")]
    #[case::on_a_bool("(x > 1).then_some(y).filter(f).is_some_and(g);")]
    fn long_chains_are_found(#[case] text: &str) {
        assert_eq!(lines(text).len(), 1, "{text}");
    }

    #[rstest]
    #[case::two("x.map(f).unwrap_or(0);")]
    #[case::adaptors("x.iter().map(f).filter(g).copied().zip(y).collect();")]
    #[case::adaptors_of_a_variable("x.map(f).filter(g).copied().fold(0, h);")]
    #[case::adaptors_before_an_option("x.iter().map(f).filter(g).copied().max_by_key(h).map(i).unwrap_or(0);")]
    #[case::ended("x.ok()?.and_then(f)?.map(g).unwrap_or(0);")]
    #[case::nested("x.and_then(|y| y.filter(f).map(g)).unwrap_or(0);")]
    #[case::no_combinators("x.as_ref().is_some();")]
    fn short_chains_are_not_found(#[case] text: &str) {
        assert_eq!(lines(text), [] as [&str; 0], "{text}");
    }

    #[test]
    fn a_filter_that_ignores_its_value_is_found() {
        let findings = |text: &str| {
            let source = Source::new("sim/src/clock.rs", format!("fn f() {{ {text} }}"));
            no_blind_filters(&[source]).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            findings("\n x.find(y).filter(|_| z);"),
            ["sim/src/clock.rs:2: a `filter` that ignores its value; write `if … { value } else { None }`"]
        );
        assert_eq!(findings("x.filter(|value| *value > 1); y.map(|_| z);"), [] as [&str; 0]);
    }

    #[test]
    fn a_finding_has_a_position_and_a_suggestion() {
        assert_eq!(
            lines("\n x.map(f).ok().or(y);"),
            [
                "engine/src/run.rs:2: `map.ok.or` is a chain of more than 2 combinators; use `let … else`, `match` or a named function"
            ]
        );
    }
}
