//! Checks of documentation: every public item is documented, and no field or variant has documentation that only
//! repeats its name.
//!
//! Nothing else about the documentation is checked. These tests replace the lint `missing_docs`, which also demands
//! documentation for fields and variants.

use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Lit, Meta, Visibility};

use crate::source::{Finding, Source, words};

/// Words that add nothing to a name.
const FILLERS: [&str; 22] = [
    "a", "all", "an", "and", "as", "by", "each", "every", "for", "has", "in", "is", "it", "its", "of", "on", "one",
    "that", "the", "this", "to", "with",
];

/// Every public item that is not a field or a variant has documentation.
pub(crate) fn documented(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test) {
        let mut items = Items { undocumented: Vec::new() };
        items.visit_file(&source.tree);
        let message = |name: &str| format!("`{name}` is public but has no documentation");
        findings.extend(items.undocumented.iter().map(|(line, name)| source.finding(*line, message(name))));
    }
    findings
}

/// The documentation of a field or a variant adds information to the name.
pub(crate) fn no_echoes(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let mut members = Members { echoes: Vec::new() };
        members.visit_file(&source.tree);
        let message =
            |name: &str| format!("the documentation of `{name}` only repeats the name; add information, or remove it");
        findings.extend(members.echoes.iter().map(|(line, name)| source.finding(*line, message(name))));
    }
    findings
}

/// The public items without documentation, each with its line.
struct Items {
    undocumented: Vec<(usize, String)>,
}

impl Items {
    fn check(&mut self, visibility: &Visibility, attributes: &[Attribute], name: &syn::Ident) {
        if matches!(visibility, Visibility::Public(_)) && documentation(attributes).is_none() {
            self.undocumented.push((name.span().start().line, name.to_string()));
        }
    }
}

impl<'ast> Visit<'ast> for Items {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.check(&item.vis, &item.attrs, &item.sig.ident);
        visit::visit_item_fn(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.check(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.check(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.check(&item.vis, &item.attrs, &item.ident);
        for member in &item.items {
            if let syn::TraitItem::Fn(function) = member {
                self.check(&item.vis, &function.attrs, &function.sig.ident);
            }
        }
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.check(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.check(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.check(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.check(&item.vis, &item.attrs, &item.sig.ident);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.check(&item.vis, &item.attrs, &item.ident);
    }
}

/// The fields and variants whose documentation repeats their name, each with its line.
struct Members {
    echoes: Vec<(usize, String)>,
}

impl Members {
    fn check(&mut self, attributes: &[Attribute], name: &syn::Ident) {
        if documentation(attributes).is_some_and(|text| is_echo(&text, &name.to_string())) {
            self.echoes.push((name.span().start().line, name.to_string()));
        }
    }
}

impl<'ast> Visit<'ast> for Members {
    fn visit_field(&mut self, field: &'ast syn::Field) {
        if let Some(name) = &field.ident {
            self.check(&field.attrs, name);
        }
        visit::visit_field(self, field);
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.check(&variant.attrs, &variant.ident);
        visit::visit_variant(self, variant);
    }
}

/// Returns the documentation in these attributes, or `None` if there is none.
fn documentation(attributes: &[Attribute]) -> Option<String> {
    let line = |attribute: &Attribute| {
        let Meta::NameValue(pair) = &attribute.meta else { return None };
        let Expr::Lit(literal) = &pair.value else { return None };
        let Lit::Str(text) = &literal.lit else { return None };
        pair.path.is_ident("doc").then(|| text.value())
    };
    let lines: Vec<String> = attributes.iter().filter_map(line).collect();
    (!lines.is_empty()).then(|| lines.join(" "))
}

/// Returns whether every word of a text is a filler or part of the name.
fn is_echo(text: &str, name: &str) -> bool {
    let of_name = words(name);
    let adds = |word: &String| {
        let is_of_name = of_name.iter().any(|other| other.trim_end_matches('s') == word.trim_end_matches('s'));
        !is_of_name && !FILLERS.contains(&word.as_str())
    };
    !words(text).iter().any(adds)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn lines(rule: fn(&[Source]) -> Vec<Finding>, text: &str) -> Vec<String> {
        rule(&[Source::new("engine/src/run.rs", text)]).iter().map(ToString::to_string).collect()
    }

    #[rstest]
    #[case::function("pub fn f() {}")]
    #[case::method("struct S;\nimpl S {\n    pub fn f(&self) {}\n}")]
    #[case::structure("pub struct S;")]
    #[case::trait_method("/// A trait.\npub trait T {\n    fn f(&self);\n}")]
    #[case::constant("pub const C: u8 = 0;")]
    fn an_undocumented_item_is_found(#[case] text: &str) {
        assert_eq!(lines(documented, text).len(), 1, "{text}");
    }

    #[rstest]
    #[case::private("fn f() {}\npub(crate) struct S;")]
    #[case::documented("/// Does it.\npub fn f() {}")]
    #[case::fields("/// A pair.\npub struct S {\n    pub one: u8,\n}\n/// One of two.\npub enum E {\n    One,\n}")]
    fn private_items_documented_items_and_fields_pass(#[case] text: &str) {
        assert_eq!(lines(documented, text), Vec::<String>::new(), "{text}");
    }

    #[rstest]
    #[case::field("struct S {\n    /// The scenarios.\n    scenario: u8,\n}")]
    #[case::variant("enum E {\n    /// A job.\n    Job,\n}")]
    #[case::compound("struct S {\n    /// The script for each phase.\n    phase_scripts: u8,\n}")]
    fn an_echo_is_found(#[case] text: &str) {
        assert_eq!(lines(no_echoes, text).len(), 1, "{text}");
    }

    #[test]
    fn documentation_that_adds_to_a_name_is_not_an_echo() {
        let text = "struct S {\n    /// The scenario, by its id.\n    scenario: u8,\n    plain: u8,\n}";
        assert_eq!(lines(no_echoes, text), Vec::<String>::new());
    }
}
