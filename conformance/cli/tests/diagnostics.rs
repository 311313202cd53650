//! Tests of scenario files that are invalid or about which there is a warning, each named after its mistake. Each file
//! is a separate test.
//!
//! `diagnostics/` contains a `.json` file for each mistake, and a `.snap` file with the problems as the command line
//! shows them. To add a mistake, add a file. `INSTA_UPDATE=always cargo test --test diagnostics` writes its snapshot,
//! which should be read before it is committed.

use std::fs;
use std::path::Path;

use insta::{Settings, assert_snapshot};

/// The folder of the invalid files, relative to the folder in which cargo runs the tests of this package.
const ROOT: &str = "tests/diagnostics";

fn is_reported_as_its_snapshot_shows(path: &Path) -> datatest_stable::Result<()> {
    let name = path.file_stem().ok_or("the file has no name")?.to_string_lossy().into_owned();
    let shown = format!("scenarios/{name}.json");
    let problems = match truecount_scenario::read(path, &shown, &name) {
        Err(problems) => problems,
        Ok(scenario) => scenario.warnings,
    };
    if problems.is_empty() {
        return Err("nothing is reported, but the file should contain a mistake".into());
    }
    for problem in &problems {
        let caret = problem
            .to_string()
            .lines()
            .any(|line| line.trim_matches(['|', ' ', '^']).is_empty() && line.ends_with('^'));
        if problem.line().is_none() || !caret || problem.help.is_none() {
            return Err(format!("a problem lacks a position, a caret or a help text:\n{problem}").into());
        }
    }
    let rendered: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join(ROOT));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!(name, rendered.join("\n\n")));
    Ok(())
}

fn belongs_to_a_file(snapshot: &Path) -> datatest_stable::Result<()> {
    let file = snapshot.with_extension("json");
    fs::exists(&file)?
        .then_some(())
        .ok_or_else(|| format!("there is no {}: remove the snapshot", file.display()).into())
}

datatest_stable::harness! {
    { test = is_reported_as_its_snapshot_shows, root = ROOT, pattern = r"\.json$" },
    { test = belongs_to_a_file, root = ROOT, pattern = r"\.snap$" },
}
