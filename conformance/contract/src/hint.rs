//! Where to look first if a clause is violated: what engines usually get wrong there.

use crate::clause::Clause;

/// Returns a hint for a clause, if engines usually violate it in the same way.
pub fn hint(clause: Clause) -> Option<&'static str> {
    Some(match clause {
        Clause::COUNT_01 => "a planner that runs again must find the total, not write it",
        Clause::COUNT_02 => "derive the plan from input and rows alone, without repetition, and seal it once",
        Clause::COUNT_04 => "make plan, total and jobs durable together, before any unit can finish",
        Clause::COUNT_05 => "add to the count in storage; never write back a value that was read earlier",
        Clause::COUNT_06 => "let the ledger row, one for each (run, unit), decide whether this unit counts",
        Clause::COUNT_07 | Clause::COUNT_18 => "every way out of a unit, also a failure or a skip, must settle it",
        Clause::COUNT_09 => "count only units of the sealed plan",
        Clause::COUNT_10 => "add each resolution to exactly one of succeeded, failed, skipped",
        Clause::COUNT_11 => "commit ledger row and count together, and add in storage instead of writing back",
        Clause::COUNT_12 => "an attempt is not a unit: count when it resolves, not when it fails for now",
        Clause::COUNT_15 => "refuse a second resolution; the first one is kept",
        Clause::COUNT_17 => "resolve to the provider's response, not to the expected one",
        Clause::COUNT_19 => "key the effect by (run, unit), not by delivery or attempt",
        Clause::COUNT_20 => "keep clocks, order and luck out of results",
        Clause::COUNT_21 => {
            "keep the attempt's number over a crash; abandon a job past its delivery limit, whatever it could still do"
        }
        Clause::LIFE_02 => "guard the terminal write with the version that was read",
        Clause::LIFE_04 => "take the outcome from the ledger, in the order that the clause gives",
        Clause::LIFE_05 => "complete only when the plan is sealed and every unit of it is resolved",
        Clause::LIFE_06 => "one active run per identity must be a constraint of storage, not a look before the write",
        Clause::LIFE_07 => "who completes a run with no units, or one whose last finisher died?",
        Clause::LIFE_10 => "acknowledge last; or let a sweep find units that no job carries",
        Clause::LIFE_11 => "check the fence inside the commit, not before it",
        Clause::LIFE_12 => "record reason codes; keep names and secrets out",
        Clause::LIFE_14 => "expire rows by the end of their run, not by age",
        Clause::LIFE_15 => "look for completion again on redelivery and in a sweep",
        Clause::LIFE_16 => "fail a run as a whole only for a cause that the trace shows",
        Clause::LIFE_17 => "give a job back with its back-off in one commit, and stop working on it",
        Clause::LIFE_18 => "let storage refuse a job for work that another job carries",
        Clause::LIFE_19 => "key runs by request, and keep that key after the run has ended",
        Clause::PROG_07 | Clause::PROG_10 => "call the one progress function on one read of the row",
        Clause::PROG_12 => "an item is what the run is, its progress and its link",
        _ => return None,
    })
}
