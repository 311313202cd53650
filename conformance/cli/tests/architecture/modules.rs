//! The modules of each crate, and the modules that a path leads to.
//!
//! A parser has no type information, so the target of a method call on a value is unknown. A local variable is treated
//! as an item of the same name.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Item, UseTree};

use crate::source::{Kind, Source, tokens};

/// The path of a module below its crate. It is empty for the root.
pub(crate) type Path = Vec<String>;

/// The modules of a crate, and every path in them.
#[derive(Default)]
pub(crate) struct Crate {
    modules: BTreeMap<Path, Scope>,
    pub(crate) mentions: Vec<Mention>,
}

/// The meanings of the names in a module.
#[derive(Default)]
struct Scope {
    /// Items and imports. A name can stand for a type and a function at once.
    names: BTreeMap<String, Vec<Meaning>>,
    /// The modules from which every name is imported.
    globs: Vec<Path>,
}

enum Meaning {
    Item,
    Import(Path),
}

/// A path in a source file.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    /// The module that contains the path.
    pub(crate) module: Path,
    pub(crate) path: Path,
    pub(crate) file: String,
    pub(crate) line: usize,
}

/// The target of a name or a path.
#[derive(Debug, Clone)]
enum Place {
    Module(Path),
    /// An item, represented by the module that declares it.
    Item(Path),
}

impl Place {
    fn module(&self) -> &Path {
        let (Self::Module(path) | Self::Item(path)) = self;
        path
    }
}

/// Returns the crates by folder, without their tests.
pub(crate) fn crates(sources: &[Source]) -> BTreeMap<String, Crate> {
    let mut crates: BTreeMap<String, Crate> = BTreeMap::new();
    for source in sources.iter().filter(|source| !source.is_test) {
        // A test or a benchmark is a crate of its own, not part of a library.
        let Some((folder, below)) = source.module().split_once("/src") else { continue };
        let module: Path = below.split('/').skip(1).map(str::to_owned).collect();
        let known = crates.entry(folder.to_owned()).or_default();
        for length in 0..=module.len() {
            known.modules.entry(module[..length].to_vec()).or_default();
        }
        Reader { known, source, module }.visit_file(&source.tree);
    }
    crates
}

impl Crate {
    /// Returns the module that a path names, and the modules that declare the item at the end of the path. If the item
    /// is re-exported, the module that the path names does not declare it.
    pub(crate) fn targets(&self, mention: &Mention) -> BTreeSet<Path> {
        let (named, places) = self.resolve(&mention.module, &mention.path, &mut BTreeSet::new());
        places.iter().map(|place| place.module().clone()).chain(named).collect()
    }

    /// Returns the last module that the path itself names, and the targets of the path. There are no targets if the
    /// path leads out of the crate.
    fn resolve(&self, from: &Path, path: &[String], seen: &mut BTreeSet<(Path, String)>) -> (Option<Path>, Vec<Place>) {
        let mut named = None;
        let mut places = vec![Place::Module(from.clone())];
        for (place, segment) in path.iter().enumerate() {
            let Some(Place::Module(module)) = places.iter().find(|place| matches!(place, Place::Module(_))) else {
                // The remaining segments name parts of the item, such as a variant or an associated function.
                break;
            };
            let module = module.clone();
            if place > 0 {
                named = Some(module.clone());
            }
            places = match segment.as_str() {
                "crate" => vec![Place::Module(Path::new())],
                "self" => vec![Place::Module(module)],
                "super" => vec![Place::Module(parent(&module))],
                name => {
                    let found = self.lookup(&module, name, seen);
                    // If a name after the first segment is not found, a macro is assumed to declare it as an item.
                    if found.is_empty() && place > 0 { vec![Place::Item(module)] } else { found }
                }
            };
        }
        (named, places)
    }

    /// Returns the targets of a name that is declared in a module or imported into it. `seen` contains the names that
    /// are being looked up. The recursion therefore ends even if two modules import everything from each other.
    fn lookup(&self, module: &Path, name: &str, seen: &mut BTreeSet<(Path, String)>) -> Vec<Place> {
        let Some(scope) = self.modules.get(module) else { return Vec::new() };
        let entry = (module.clone(), name.to_owned());
        if !seen.insert(entry.clone()) {
            return Vec::new();
        }
        let child = [module.as_slice(), &[name.to_owned()]].concat();
        let mut places = Vec::new();
        if self.modules.contains_key(&child) {
            places.push(Place::Module(child));
        }
        for meaning in scope.names.get(name).into_iter().flatten() {
            match meaning {
                Meaning::Item => places.push(Place::Item(module.clone())),
                Meaning::Import(path) => places.append(&mut self.resolve(module, path, seen).1),
            }
        }
        if places.is_empty() {
            for glob in &scope.globs {
                for inside in self.resolve(module, glob, seen).1 {
                    places.append(&mut self.lookup(inside.module(), name, seen));
                }
            }
        }
        seen.remove(&entry);
        places
    }
}

fn parent(module: &Path) -> Path {
    module[..module.len().saturating_sub(1)].to_vec()
}

/// Reads the names and the paths of a file.
struct Reader<'a> {
    known: &'a mut Crate,
    source: &'a Source,
    module: Path,
}

impl Reader<'_> {
    fn declare(&mut self, name: String, meaning: Meaning) {
        let scope = self.known.modules.entry(self.module.clone()).or_default();
        scope.names.entry(name).or_default().push(meaning);
    }

    fn mention(&mut self, path: Path, line: usize) {
        let file = self.source.path.clone();
        self.known.mentions.push(Mention { module: self.module.clone(), path, file, line });
    }

    fn import(&mut self, tree: &UseTree, before: &Path) {
        let longer = |name: &syn::Ident| match name.to_string().as_str() {
            "self" if !before.is_empty() => before.clone(),
            name => [before.as_slice(), &[name.to_owned()]].concat(),
        };
        match tree {
            UseTree::Path(path) => self.import(&path.tree, &longer(&path.ident)),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, before)),
            UseTree::Name(name) => {
                let path = longer(&name.ident);
                let last = path.last().cloned().unwrap_or_default();
                self.bind(last, path, &name.ident);
            }
            UseTree::Rename(rename) => self.bind(rename.rename.to_string(), longer(&rename.ident), &rename.ident),
            UseTree::Glob(glob) => {
                self.mention(before.clone(), glob.star_token.spans[0].start().line);
                self.known.modules.entry(self.module.clone()).or_default().globs.push(before.clone());
            }
        }
    }

    fn bind(&mut self, name: String, path: Path, at: &syn::Ident) {
        self.mention(path.clone(), at.span().start().line);
        self.declare(name, Meaning::Import(path));
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let name = match item {
            Item::Const(item) => Some(&item.ident),
            Item::Enum(item) => Some(&item.ident),
            Item::Fn(item) => Some(&item.sig.ident),
            Item::Macro(item) => item.ident.as_ref(),
            Item::Static(item) => Some(&item.ident),
            Item::Struct(item) => Some(&item.ident),
            Item::Trait(item) => Some(&item.ident),
            Item::Type(item) => Some(&item.ident),
            Item::Union(item) => Some(&item.ident),
            // Other items declare no name, or are read below.
            _ => None,
        };
        if let Some(name) = name {
            self.declare(name.to_string(), Meaning::Item);
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        self.known.modules.entry(self.module.clone()).or_default();
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        // A leading `::` refers to another crate.
        if item.leading_colon.is_none() {
            self.import(&item.tree, &Path::new());
        }
    }

    /// The path in a visibility, such as `pub(in crate::a)`, does not count towards a cycle.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let (None, Some(first)) = (&path.leading_colon, path.segments.first()) {
            let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.mention(segments, first.ident.span().start().line);
        }
        visit::visit_path(self, path);
    }

    /// The tokens of a macro have their own syntax, but names with `::` between them are paths in any syntax.
    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        self.visit_path(&invocation.path);
        let flat = tokens(invocation.tokens.clone());
        let mut place = 0;
        while let Some(first) = flat.get(place) {
            place += 1;
            if first.kind != Kind::Name {
                continue;
            }
            let mut path = vec![first.text.clone()];
            while let Some([one, two, next]) = flat.get(place..place + 3)
                && one.text == ":"
                && two.text == ":"
                && next.kind == Kind::Name
            {
                path.push(next.text.clone());
                place += 3;
            }
            self.mention(path, first.line);
        }
    }
}
