//! Removes parts of a scenario file while the remaining file still shows the failure.

use truecount_sim::shrink::shrink;

use truecount_scenario::format::{File, Run};
use truecount_scenario::part::{Part, without};

/// Returns the parts of a file, grouped by step: large parts first, then the parts that only the large parts needed.
fn parts(file: &File) -> Vec<Vec<Part>> {
    let runs = || file.runs.iter().enumerate();
    let each = |of: fn(&Run) -> usize, part: fn(usize, usize) -> Part| {
        runs().flat_map(move |(place, run)| (0..of(run)).map(move |inner| part(place, inner))).collect::<Vec<_>>()
    };
    let has_words = |run: &Run| !run.planning.is_empty() || !run.publishing.is_empty() || !run.phases.0.is_empty();
    let mut words = each(|run| run.responses.0.len(), Part::Responses);
    words.extend(each(|run| run.exclude.len(), Part::Exclude));
    words.extend(runs().filter(|(_, run)| has_words(run)).map(|(place, _)| Part::Words(place)));
    words.extend(runs().filter(|(_, run)| run.after.is_some()).map(|(place, _)| Part::After(place)));
    words.extend(file.exhaust_limits.then_some(Part::ExhaustLimits));
    let many = |count: usize, part: fn(usize) -> Part| (0..count).map(part).collect::<Vec<_>>();
    let mut people = many(file.grants.len(), Part::Grant);
    people.extend(many(file.actors.len(), Part::Actor));
    people.extend(many(file.tenants.len(), Part::Tenant));
    vec![
        many(file.runs.len(), Part::Run),
        each(|run| run.request.len(), Part::Unit),
        words,
        many(file.surfaces.len(), Part::Surface),
        many(file.objects.0.len(), Part::Object),
        people,
        many(file.faults.0.len(), Part::Fault),
    ]
}

/// Removes parts, step by step, while `is_good` returns `true` for the remaining file. `is_good` must return `true` for
/// the given file.
pub(super) fn reduce(mut file: File, mut is_good: impl FnMut(&File) -> bool) -> File {
    for step in 0..parts(&file).len() {
        let all = parts(&file).swap_remove(step);
        let gone = |kept: &[Part]| all.iter().copied().filter(|part| !kept.contains(part)).collect::<Vec<_>>();
        let kept = shrink(&all, |kept| is_good(&without(&file, &gone(kept))));
        file = without(&file, &gone(&kept));
    }
    file
}
