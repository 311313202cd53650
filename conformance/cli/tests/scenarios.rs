//! Every file below `scenarios/` is a separate test. The files are found when the tests run, not when they are built.
//!
//! Each scenario is simulated under many seeds with the unmodified engine. A failing test prints the trace of the first
//! failing seed.

use std::error::Error;
use std::fmt;
use std::path::Path;

use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::report::FailureReport;
use truecount_gate::{Runner, record};

/// The folder of the scenarios, relative to the folder in which cargo runs the tests of this package.
const ROOT: &str = "../../scenarios";

/// The number of seeds for a scenario.
const SEEDS: u64 = 64;
/// The number of units above which a scenario is large, and the number of seeds for a large scenario.
const LARGE: (usize, u64) = (1_000, 2);

/// A failure whose text is shown unchanged. The test harness formats errors with `Debug`, which would put a trace on
/// one line.
struct Shown(String);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Shown {}

fn holds_under_every_seed(path: &Path) -> datatest_stable::Result<()> {
    let below = path.strip_prefix(ROOT)?.with_extension("");
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    let id = parts.join("/");
    let scenario = truecount_scenario::read(path, &format!("scenarios/{id}.json"), &id).map_err(|problems| {
        let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Shown(shown.join("\n\n"))
    })?;
    let reference = Reference::new(&scenario.fixture);
    let seeds = if scenario.fixture.units() > LARGE.0 { LARGE.1 } else { SEEDS };
    let mut runner = Runner::new(&scenario, &reference, Standard, Memory::new(), Checkers::new(&reference));
    for seed in 0..seeds {
        if runner.simulate(seed).finding.is_none() {
            continue;
        }
        let (scenario, reference) = scenario.drawn(&reference, seed);
        let recording = record(scenario, reference, Standard, Memory::new(), seed);
        let report =
            FailureReport::new(scenario, reference, &recording, format!("truecount replay {id} --seed {seed}"));
        return Err(Shown(report.text()).into());
    }
    Ok(())
}

// As in `truecount_scenario::find`, names that begin with a dot are omitted, and so are two files of the root.
datatest_stable::harness! {
    { test = holds_under_every_seed, root = ROOT, pattern = r"^(?!(.*/)?\.)(?!(corpus|schema)\.json$).*\.json$" },
}
