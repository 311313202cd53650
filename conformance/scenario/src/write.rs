//! Writes scenario files in canonical form. A value is written on one line if it fits. Each run, expectation and
//! schedule begins a new line.
//!
//! A written file can be read back unchanged. This module defines the order of the keys.

use super::format::{Expect, Explored, FORMAT, File, Named, OneOrSet, Run, Schedule, Size, Workers};

use truecount_json::Document;

/// The maximum length of a line, in characters.
const WIDTH: usize = 120;

/// The key for the sizes.
const EXPLORED: &str = "explored";

/// A value to be written.
enum Written {
    Text(String),
    Plain(String),
    List(Vec<Written>),
    Object(Vec<(String, Written)>),
    /// A list or an object with one line for each member, even if the value would fit on a single line.
    Open(Box<Written>),
}

/// Returns the text of a scenario file.
pub fn scenario(file: &File) -> String {
    // Digests are computed from the written text, so a new field must be written. The code does not compile until the
    // field is listed here.
    let File {
        format,
        title,
        clauses,
        tenants,
        actors,
        grants,
        objects,
        workers,
        runs,
        shapes,
        faults,
        exhaust_limits,
        surfaces,
        expect: expected,
        explored,
        schedules,
    } = file;
    let mut members = Members::default();
    members.put("format", number(*format));
    members.put("title", text(title));
    members.put("clauses", texts(clauses));
    members.put("tenants", texts(tenants));
    members.filled("actors", actors, texts);
    members.filled("grants", grants, |grants| {
        let grant = |grant: &super::format::Grant| {
            let members = [("actor", &grant.actor), ("tenant", &grant.tenant), ("may", &grant.may)];
            Written::Object(members.map(|(key, value)| (key.to_owned(), text(value))).into())
        };
        Written::List(grants.iter().map(grant).collect())
    });
    members.filled("objects", &objects.0, |_| named(objects, |state| text(state)));
    if *workers != Workers::default() {
        let Workers { min, max } = workers;
        let workers = [("min", *min), ("max", *max)];
        members.put("workers", Written::Object(workers.map(|(key, value)| (key.to_owned(), number(value))).into()));
    }
    members.put("runs", open(Written::List(runs.iter().map(|one| open(run(one))).collect())));
    members.filled("shapes", shapes, texts);
    members.filled("faults", &faults.0, |_| named(faults, |injections| number(*injections)));
    if *exhaust_limits {
        members.put("exhaust_limits", Written::Plain("true".to_owned()));
    }
    members.filled("surfaces", surfaces, |surfaces| {
        let surface = |surface: &super::format::Surface| {
            let mut members = Members::default();
            members.put("actor", text(&surface.actor));
            members.maybe("tenant", surface.tenant.as_ref());
            members.object()
        };
        Written::List(surfaces.iter().map(surface).collect())
    });
    members.put("expect", open(named(expected, |one| open(expect(one)))));
    if let Some(explored) = explored {
        members.put(EXPLORED, sizes(explored));
    }
    members.filled("schedules", schedules, |schedules| {
        open(Written::List(schedules.iter().map(|one| open(schedule(one))).collect()))
    });
    file_of(members)
}

/// Returns the text of a scenario with these sizes in place of the existing ones, or after `expect` if the text has no
/// sizes. The rest of the text is unchanged, byte for byte.
pub fn with_sizes(document: &Document, explored: &Explored) -> String {
    let (text, root) = (document.text(), document.root());
    let mut written = String::new();
    sizes(explored).write(&mut written, 1, 2 + quoted(EXPLORED).len() + 2);
    if let Some(old) = root.member(EXPLORED) {
        let old = old.value.span.range();
        return [&text[..old.start], &*written, &text[old.end..]].concat();
    }
    // Every valid scenario has this key.
    let place = root.member("expect").map_or(text.len(), |expect| expect.value.span.range().end);
    [&text[..place], &format!(",\n  {}: {written}", quoted(EXPLORED)), &text[place..]].concat()
}

/// Returns the text of a file that contains only a schedule and names its scenario.
pub fn standalone(id: &str, alone: &Schedule) -> String {
    let mut members = Members::default();
    members.put("format", number(FORMAT));
    members.put("scenario", text(id));
    members.put("schedule", open(schedule(alone)));
    file_of(members)
}

fn run(run: &Run) -> Written {
    let Run {
        name,
        tenant,
        actor,
        family,
        request,
        exclude,
        failure_policy,
        after,
        responses,
        planning,
        publishing,
        phases,
    } = run;
    let mut members = Members::default();
    for (key, value) in [("name", name), ("tenant", tenant), ("actor", actor), ("family", family)] {
        members.put(key, text(value));
    }
    members.put("request", texts(request));
    members.filled("exclude", exclude, texts);
    members.maybe("failure_policy", failure_policy.as_ref());
    members.maybe("after", after.as_ref());
    members.filled("responses", &responses.0, |_| named(responses, |script| texts(script)));
    members.filled("planning", planning, texts);
    members.filled("phases", &phases.0, |_| named(phases, |script| texts(script)));
    members.filled("publishing", publishing, texts);
    members.object()
}

fn expect(expect: &Expect) -> Written {
    let Expect { outcome, cause, counts, units, same_as, refused } = expect;
    let mut members = Members::default();
    if let Some(outcome) = outcome {
        members.put("outcome", one_or_set(outcome, |name| text(name)));
    }
    members.maybe("cause", cause.as_ref());
    members.filled("counts", &counts.0, |_| named(counts, |value| one_or_set(value, |value| number(*value))));
    if let Some(units) = units {
        members.put("units", named(units, |ends| one_or_set(ends, |end| text(end))));
    }
    members.maybe("same_as", same_as.as_ref());
    if *refused {
        members.put("refused", Written::Plain("true".to_owned()));
    }
    members.object()
}

fn sizes(explored: &Explored) -> Written {
    let size = |Size { states, edges }| {
        Written::Object(
            [("states", states), ("edges", edges)].map(|(key, value)| (key.to_owned(), number(value))).into(),
        )
    };
    Written::Object(explored.sizes().map(|(key, of)| (key.to_owned(), size(of))).collect())
}

fn schedule(schedule: &Schedule) -> Written {
    let Schedule { name, workers, mutant, violates, decisions } = schedule;
    let mut members = Members::default();
    members.put("name", text(name));
    members.put("workers", number(*workers));
    members.maybe("mutant", mutant.as_ref());
    members.maybe("violates", violates.as_ref());
    // One line per decision, so that schedules can be compared line by line.
    members.put("decisions", open(texts(decisions)));
    members.object()
}

/// The members of an object, in order.
#[derive(Default)]
struct Members(Vec<(String, Written)>);

impl Members {
    fn put(&mut self, key: &str, value: Written) {
        self.0.push((key.to_owned(), value));
    }

    fn maybe(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.put(key, text(value));
        }
    }

    /// Adds a member unless `values` is empty.
    fn filled<T>(&mut self, key: &str, values: &[T], write: impl FnOnce(&[T]) -> Written) {
        if !values.is_empty() {
            self.put(key, write(values));
        }
    }

    fn object(self) -> Written {
        Written::Object(self.0)
    }
}

fn file_of(members: Members) -> String {
    let mut file = String::new();
    open(members.object()).write(&mut file, 0, 0);
    file.push('\n');
    file
}

fn text(value: &str) -> Written {
    Written::Text(value.to_owned())
}

fn number(value: u64) -> Written {
    Written::Plain(value.to_string())
}

fn texts(values: &[String]) -> Written {
    Written::List(values.iter().map(|value| text(value)).collect())
}

fn named<T>(named: &Named<T>, write: impl Fn(&T) -> Written) -> Written {
    Written::Object(named.0.iter().map(|(name, value)| (name.clone(), write(value))).collect())
}

fn one_or_set<T>(value: &OneOrSet<T>, write: impl Fn(&T) -> Written) -> Written {
    match value {
        OneOrSet::One(value) => write(value),
        OneOrSet::Set(values) => Written::List(values.iter().map(write).collect()),
    }
}

fn open(value: Written) -> Written {
    Written::Open(Box::new(value))
}

impl Written {
    /// Writes the value at this depth. `behind` is the number of characters before the value on its line.
    fn write(&self, file: &mut String, depth: usize, behind: usize) {
        let line = self.line();
        // A comma may follow.
        if !self.is_open() && behind + line.chars().count() < WIDTH {
            return file.push_str(&line);
        }
        let indent = "  ".repeat(depth + 1);
        match self {
            Self::Text(_) | Self::Plain(_) => file.push_str(&line),
            Self::Open(value) => value.wrapped(file, depth, &indent),
            Self::List(_) | Self::Object(_) => self.wrapped(file, depth, &indent),
        }
    }

    /// Writes the value with one line for each member.
    fn wrapped(&self, file: &mut String, depth: usize, indent: &str) {
        let (brackets, members): (_, Vec<(String, &Self)>) = match self {
            Self::List(values) => (['[', ']'], values.iter().map(|value| (String::new(), value)).collect()),
            Self::Object(members) => {
                (['{', '}'], members.iter().map(|(key, value)| (format!("{}: ", quoted(key)), value)).collect())
            }
            other => return file.push_str(&other.line()),
        };
        if members.is_empty() {
            return file.push_str(&self.line());
        }
        file.push(brackets[0]);
        for (place, (key, value)) in members.iter().enumerate() {
            file.push_str(if place == 0 { "\n" } else { ",\n" });
            file.push_str(indent);
            file.push_str(key);
            value.write(file, depth + 1, indent.len() + key.chars().count());
        }
        file.push('\n');
        file.push_str(&indent[2..]);
        file.push(brackets[1]);
    }

    fn is_open(&self) -> bool {
        match self {
            Self::Text(_) | Self::Plain(_) => false,
            Self::Open(_) => true,
            Self::List(values) => values.iter().any(Self::is_open),
            Self::Object(members) => members.iter().any(|(_, value)| value.is_open()),
        }
    }

    fn line(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Plain(text) => text.clone(),
            Self::List(values) => {
                let values: Vec<String> = values.iter().map(Self::line).collect();
                format!("[{}]", values.join(", "))
            }
            Self::Object(members) => {
                let member = |(key, value): &(String, Self)| format!("{}: {}", quoted(key), value.line());
                let members: Vec<String> = members.iter().map(member).collect();
                format!("{{{}}}", members.join(", "))
            }
            Self::Open(value) => value.line(),
        }
    }
}

/// Returns a text as a JSON string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
