//! Rejects cycles between sibling modules. Of any two siblings, at least one does not depend on the other and can be
//! moved without it.
//!
//! Siblings are the child modules of one parent, each including all modules below it. If a module of one sibling names
//! a module of another, as in `crate::b::B`, the first sibling depends on the second. A module and its own parent or
//! children may name each other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::modules::{Crate, Mention, Path, crates};
use crate::source::{Finding, Source};

/// Maps each parent to its children, and each child to the siblings that it names.
type Siblings<'a> = BTreeMap<Path, BTreeMap<String, BTreeMap<String, Edge<'a>>>>;

/// The first place at which one sibling names another, and the number of further places.
struct Edge<'a> {
    first: &'a Mention,
    more: usize,
}

/// Sibling modules form no cycle. The shortest cycle through each sibling is reported, but no cycle is reported twice.
pub(crate) fn no_cycles(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for known in crates(sources).values() {
        for (parent, edges) in siblings(known) {
            let cycles: BTreeSet<Vec<&String>> = edges.keys().filter_map(|start| shortest(&edges, start)).collect();
            for cycle in cycles {
                let next = cycle.iter().cycle().skip(1);
                let steps: Vec<&Edge> = cycle.iter().zip(next).map(|(from, to)| &edges[*from][*to]).collect();
                findings.push(finding(sources, &parent, &cycle, &steps));
            }
        }
    }
    findings
}

fn siblings(known: &Crate) -> Siblings<'_> {
    let mut siblings = Siblings::new();
    for mention in &known.mentions {
        for target in known.targets(mention) {
            let shared = mention.module.iter().zip(&target).take_while(|(from, to)| from == to).count();
            // If either segment is missing, the modules are the same, or one is an ancestor of the other.
            if let (Some(from), Some(to)) = (mention.module.get(shared), target.get(shared)) {
                let edges = siblings.entry(target[..shared].to_vec()).or_default().entry(from.clone()).or_default();
                let add = |edge: &mut Edge| edge.more += 1;
                edges.entry(to.clone()).and_modify(add).or_insert(Edge { first: mention, more: 0 });
            }
        }
    }
    siblings
}

/// Returns the shortest cycle through a name, rotated so that the alphabetically first name comes first.
fn shortest<'a, E>(edges: &'a BTreeMap<String, BTreeMap<String, E>>, start: &'a String) -> Option<Vec<&'a String>> {
    let mut before: BTreeMap<&String, &String> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(from) = queue.pop_front() {
        for to in edges.get(from).into_iter().flat_map(BTreeMap::keys) {
            if to == start {
                let mut cycle = vec![from];
                while let Some(earlier) = before.get(cycle[cycle.len() - 1]) {
                    cycle.push(earlier);
                }
                cycle.reverse();
                let first = (0..cycle.len()).min_by_key(|place| cycle[*place]).unwrap_or_default();
                cycle.rotate_left(first);
                return Some(cycle);
            }
            if !before.contains_key(to) {
                before.insert(to, from);
                queue.push_back(to);
            }
        }
    }
    None
}

fn finding(sources: &[Source], parent: &[String], cycle: &[&String], steps: &[&Edge]) -> Finding {
    let names: Vec<String> =
        cycle.iter().map(|name| format!("`{}`", [parent, &[(*name).clone()]].concat().join("::"))).collect();
    let mut message = format!("a cycle of {}; move the shared code to a module below them", names.join(", "));
    for (name, Edge { first, more }) in cycle.iter().zip(steps) {
        message += &format!("\n    {name}: `{}` at {}:{}", first.path.join("::"), first.file, first.line);
        if *more > 0 {
            message += &format!(" and {more} more");
        }
    }
    let first = steps[0].first;
    let source = sources.iter().find(|source| source.path == first.file).expect("the source of a path");
    source.finding(first.line, message)
}

/// Cargo rejects a cycle of crates unless a dev-dependency closes it. Only manifests are checked, because a crate
/// cannot name a crate that its manifest does not list.
pub(crate) fn no_cycle_of_crates(manifests: &[String]) -> BTreeSet<Vec<String>> {
    let mut edges: BTreeMap<String, BTreeMap<String, &str>> = BTreeMap::new();
    for manifest in manifests {
        let name = manifest.lines().find_map(|line| line.strip_prefix("name = ")).expect("the name of a crate");
        let ours = manifest.lines().filter(|line| line.starts_with("truecount"));
        let named = ours.map(|line| (line.split(['.', ' ', '=']).next().unwrap_or(line).to_owned(), line));
        edges.insert(name.trim_matches('"').to_owned(), named.collect());
    }
    let cycles = edges.keys().filter_map(|start| shortest(&edges, start));
    cycles.map(|cycle| cycle.into_iter().cloned().collect()).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::source::mark_tests;

    /// Returns the sources of a crate, given their paths below its `src`.
    fn sources(files: &[(&str, &str)]) -> Vec<Source> {
        let mut sources: Vec<Source> =
            files.iter().map(|(path, text)| Source::new(format!("sim/src/{path}"), *text)).collect();
        mark_tests(&mut sources);
        sources
    }

    fn lines(files: &[(&str, &str)]) -> Vec<String> {
        no_cycles(&sources(files)).iter().map(ToString::to_string).collect()
    }

    #[rstest]
    #[case::of_two(&[("a.rs", "use crate::b::B;"), ("b.rs", "use crate::a::A;")], &["`a`, `b`"])]
    #[case::of_three(
        &[("a.rs", "use crate::b::B;"), ("b.rs", "use crate::c::C;"), ("c.rs", "use crate::a::A;")],
        &["`a`, `b`, `c`"]
    )]
    #[case::two_that_share_a_module(
        &[("a.rs", "use crate::b::B;"), ("b.rs", "use crate::{a::A, c::C};"), ("c.rs", "use crate::b::{self, B};")],
        &["`a`, `b`", "`b`, `c`"]
    )]
    #[case::between_folders(
        &[("a/x.rs", "use crate::b::y::Y;"), ("b/y.rs", ""), ("b/z/deep.rs", "use crate::a::A;")],
        &["`a`, `b`"]
    )]
    #[case::between_a_file_and_a_folder(&[("a.rs", "use crate::b::B;"), ("b/y.rs", "use crate::a;")], &["`a`, `b`"])]
    #[case::below_another_module(
        &[("top/a.rs", "use super::b::B;"), ("top/b/y.rs", "use super::super::a::A;")],
        &["`top::a`, `top::b`"]
    )]
    #[case::in_one_file(
        &[("top.rs", "mod a { use super::b::B; } mod b { fn f() { super::super::top::a::f() } }")],
        &["`top::a`, `top::b`"]
    )]
    #[case::exported_again_by_the_root(
        &[("lib.rs", "mod a; mod b; pub use a::A; pub use self::b::B as Other;"),
          ("a.rs", "pub struct A; use crate::Other;"), ("b.rs", "pub struct B; use crate::A;")],
        &["`a`, `b`"]
    )]
    #[case::exported_again_by_a_sibling(
        &[("a.rs", "use crate::c::C; pub struct A;"), ("b.rs", "pub use crate::a::A;"), ("c.rs", "use crate::b::{self}; fn f(_: b::A) {}")],
        &["`a`, `c`", "`a`, `c`, `b`"]
    )]
    #[case::all_names_of_the_parent(
        &[("top.rs", "mod a; mod b; use a::*; use b::B;"), ("top/a.rs", "use super::*; pub struct A; fn f(_: B) {}"),
          ("top/b.rs", "use super::*; pub struct B; fn f(_: A) {}")],
        &["`top::a`, `top::b`"]
    )]
    #[case::all_names_of_two(
        &[("top.rs", "mod a; mod b; mod c; use c::x::*; use c::y::*;"), ("top/a.rs", "pub struct A; use super::B;"),
          ("top/b.rs", "pub struct B; use super::A;"), ("top/c/x.rs", "pub use crate::top::a::A;"),
          ("top/c/y.rs", "pub use crate::top::b::B;")],
        &["`top::a`, `top::b`"]
    )]
    #[case::declared_by_a_macro(
        &[("lib.rs", "mod a; mod b; pub use a::Made;"), ("a.rs", "make! {} use crate::b::B;"), ("b.rs", "use crate::Made;")],
        &["`a`, `b`"]
    )]
    #[case::without_use(
        &[("a.rs", "fn f() { g(crate::b::B { x: 1 }) }"), ("b.rs", "impl crate::a::A for Vec<super::a::X> {}")],
        &["`a`, `b`"]
    )]
    #[case::in_macros(
        &[("a.rs", "macro_rules! m { () => { $crate::b::f() } }"), ("b.rs", "fn f() { assert!(crate::a::f()) }")],
        &["`a`, `b`"]
    )]
    #[case::in_a_function(&[("a.rs", "fn f() { use crate::b; b::f() }"), ("b.rs", "use super::a::*;")], &["`a`, `b`"])]
    fn cycles(#[case] files: &[(&str, &str)], #[case] names: &[&str]) {
        let lines = lines(files);
        assert_eq!(lines.len(), names.len(), "{lines:?}");
        for (line, names) in lines.iter().zip(names) {
            assert!(line.contains(&format!("a cycle of {names};")), "{line}");
        }
    }

    #[rstest]
    #[case::one_way(&[("a.rs", "use crate::b::B;"), ("b.rs", "use crate::c::C;"), ("c.rs", "")])]
    #[case::a_module_and_its_child(&[("a.rs", "mod x; use x::X;"), ("a/x.rs", "use super::A; use crate::a;")])]
    #[case::the_root_and_a_module(&[("lib.rs", "mod a; use a::A;"), ("a/x.rs", "use crate::Shared;")])]
    #[case::items_of_the_parent(
        &[("top.rs", "mod a; mod b; struct Shared; use a::A;"), ("top/a.rs", "use super::{Shared, b::B};"),
          ("top/b.rs", "use super::Shared;")]
    )]
    #[case::two_levels(&[("a/x.rs", "use crate::b::B;"), ("a/b.rs", ""), ("b/a.rs", "use super::x::X;"), ("b/x.rs", "")])]
    #[case::a_test(&[("a.rs", "use crate::b::B;"), ("b.rs", "#[cfg(test)] mod tests { use crate::a::A; }")])]
    #[case::a_test_in_its_file(
        &[("a.rs", "use crate::b::B;"), ("b.rs", "#[cfg(test)] mod tests;"), ("b/tests.rs", "use crate::a::A;")]
    )]
    #[case::another_crate(
        &[("a.rs", "use crate::b::B;"), ("b.rs", "use other::a::A; use super::*; use ::a::A; fn f(_: ::a::X) {}")]
    )]
    #[case::a_restricted_visibility(&[("a.rs", "use crate::b::B;"), ("b.rs", "pub(in crate::a) fn f() {}")])]
    #[case::all_names_of_another_crate(&[("a.rs", "use other::*; use more::*; fn f(_: X) {}")])]
    #[case::words(&[("a.rs", "use crate::b::B;"), ("b.rs", "/// [`crate::a::A`]\nfn f() { g(\"crate::a::A\") }")])]
    fn no_cycle(#[case] files: &[(&str, &str)]) {
        assert_eq!(lines(files), [] as [&str; 0]);
    }

    #[test]
    fn crates_are_judged_separately() {
        let of = |path: &str, text: &str| Source::new(path, text);
        let two = [of("engine/src/a.rs", "use crate::b::B;"), of("sim/src/b.rs", "use crate::a::A;")];
        assert_eq!(no_cycles(&two), []);
    }

    #[test]
    fn a_finding_has_a_path_for_each_step() {
        let files = [
            ("a.rs", "use crate::{\n    b::y::Y,\n    b::Z,\n};"),
            ("b/x.rs", "fn f() { super::super::a::g() }"),
            ("b/y.rs", ""),
        ];
        assert_eq!(
            lines(&files),
            ["sim/src/a.rs:2: a cycle of `a`, `b`; move the shared code to a module below them\n    \
              a: `crate::b::y::Y` at sim/src/a.rs:2 and 1 more\n    \
              b: `super::super::a::g` at sim/src/b/x.rs:1"]
        );
    }

    #[test]
    fn a_cycle_of_crates_is_found() {
        let manifest = |name: &str, rest: &str| format!("[package]\nname = \"{name}\"\n{rest}");
        let engine = manifest("truecount-engine", "[dev-dependencies]\ntruecount-sim.workspace = true\n");
        let sim = manifest("truecount-sim", "[dependencies]\ntruecount-engine = { path = \"..\" }\nserde = \"1\"\n");
        let cycle = ["truecount-engine", "truecount-sim"].map(str::to_owned).to_vec();
        assert_eq!(no_cycle_of_crates(&[engine, sim.clone()]), BTreeSet::from([cycle]));
        assert_eq!(no_cycle_of_crates(&[manifest("truecount-engine", ""), sim]), BTreeSet::new());
    }
}
