//! The rules for scenarios, apart from their JSON structure. Each has a code, under which violations are reported.
//!
//! Each rule is checked in the module that reads the item it applies to.

macro_rules! rules {
    ($($name:ident $code:literal $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)*

        /// Every rule: its code, and a description of a violation.
        pub const ALL: &[(&str, &str)] = &[$(($code, $meaning),)*];
    };
}

rules! {
    UNKNOWN_FORMAT "unknown-format" "A format version that this program does not support.";
    EMPTY_TITLE "empty-title" "An empty title.";
    ACTIVE_CHARACTER "active-character" "A title or a reason with a character that a terminal would interpret or not show.";
    BAD_NAME "bad-name" "A name that is empty, too long or contains invalid characters.";
    BAD_RANGE "bad-range" "A range of names that cannot be expanded.";
    DUPLICATE_NAME "duplicate-name" "A name or an entry that is given twice.";
    TOO_MANY "too-many" "More entries of one kind than a scenario may have.";
    TOO_MANY_PROBLEMS "too-many-problems" "More problems than a report shows.";
    OUT_OF_RANGE "out-of-range" "A number outside its permitted range.";
    NO_CLAUSE "no-clause" "A scenario that names no clause.";
    NO_RUN "no-run" "A scenario that requests no run.";

    UNKNOWN_CLAUSE "unknown-clause" "A clause that is not in the contract.";
    UNTESTABLE_CLAUSE "untestable-clause" "A clause that no simulation can exercise.";
    UNKNOWN_TENANT "unknown-tenant" "A tenant that the scenario does not list.";
    UNKNOWN_ACTOR "unknown-actor" "An actor that the scenario does not list.";
    UNKNOWN_GRANT "unknown-grant" "A kind of grant that does not exist.";
    UNKNOWN_OBJECT "unknown-object" "An object that the scenario does not list.";
    UNKNOWN_STATE "unknown-state" "A state that no object can have.";
    UNKNOWN_RUN "unknown-run" "A run that the scenario does not list.";
    UNKNOWN_FAMILY "unknown-family" "A family that is not in the contract.";
    UNKNOWN_PHASE "unknown-phase" "A phase that the family does not have.";
    UNKNOWN_RESPONSE "unknown-response" "A response that is not possible in the script.";
    UNKNOWN_FAULT "unknown-fault" "A kind of fault that does not exist.";
    UNKNOWN_OUTCOME "unknown-outcome" "An outcome that no run can have.";
    UNKNOWN_CAUSE "unknown-cause" "A cause for which no run can fail as a whole.";
    UNKNOWN_FAILURE_POLICY "unknown-failure-policy" "A failure policy that no profile can declare.";
    UNKNOWN_COUNT "unknown-count" "A summary key that is not in the contract.";
    UNKNOWN_RESOLUTION "unknown-resolution" "A resolution that is not in the contract.";
    UNKNOWN_SHAPE "unknown-shape" "A shape that no plan can have.";

    SHAPES_OF_RUNS "shapes-of-runs" "Shapes in a scenario that does not have exactly one run.";
    SHAPES_OF_TOO_FEW "shapes-of-too-few" "Shapes for a plan with too few units to vary.";
    SHAPES_OF_TOO_MANY "shapes-of-too-many" "Shapes for a plan with too many units to be written out for each shape.";
    SHAPES_WITHOUT_UNITS "shapes-without-units" "Shapes in a scenario that states no resolutions of the planned units.";
    SHAPES_WITH_SCHEDULES "shapes-with-schedules" "A schedule in a scenario whose plan is not fixed because the scenario lists shapes.";
    SHAPE_DOES_NOT_FIT "shape-does-not-fit" "A shape that makes the scenario contradict itself.";

    UNUSED_GRANT "unused-grant" "A grant that no request and no surface uses.";
    UNUSED_OBJECT "unused-object" "An object that no run requests.";
    FAULT_NOT_INJECTED "fault-not-injected" "A fault that no simulation of a check injects.";
    AFTER_ITSELF "after-itself" "A run that waits for itself.";
    AFTER_LATER "after-later" "A run that waits for a run listed later. Every cycle contains such a pair.";
    AFTER_REFUSED "after-refused" "A run that waits for a refused request.";

    UNPLANNED_RESPONSES "unplanned-responses" "Scripted responses for a unit that the run does not plan.";
    FIXED_FAILURE_POLICY "fixed-failure-policy" "A failure policy that the family's profile does not allow.";
    PLANNING_OF_PHASED "planning-of-phased" "Scripted planning responses for a family that makes no plan.";
    PUBLISHING_OF_NOTHING "publishing-of-nothing" "Scripted publishing responses for a family that publishes nothing.";
    EXCLUDE_WITHOUT_OPTIONS "exclude-without-options" "Excluded objects in a request for a family without options.";
    EXCLUDES_NOTHING "excludes-nothing" "An excluded object that is not requested.";
    PHASES_OF_UNPHASED "phases-of-unphased" "Scripted phase responses for a family without phases.";
    DEFINITE_NOT_LAST "definite-not-last" "A definite response before the end of a script, although no attempt can follow it.";
    NOT_RETRYABLE "not-retryable" "A definite response where only retryable ones are possible.";
    BEYOND_LIMIT "beyond-limit" "More scripted responses than the family allows attempts.";
    ATTEMPTS_USED_UP "attempts-used-up" "Scripted responses that exhaust the attempts without `exhaust_limits`.";

    MISSING_EXPECTATION "missing-expectation" "A run without an expectation.";
    EMPTY_EXPECTATION "empty-expectation" "An expectation that states nothing.";
    ALLOWS_EVERYTHING "allows-everything" "An expectation that excludes no possible result of its run.";
    EMPTY_SET "empty-set" "An empty list of possible values.";
    EXPECTS_MORE "expects-more" "Further expectations for a request that creates no run of its own.";
    MUST_BE_REFUSED "must-be-refused" "A run that is not expected to be refused although its actor may not operate.";
    NOT_REFUSED "not-refused" "A run that is expected to be refused although its actor may operate.";
    SAME_AS_DIFFERS "same-as-differs" "Two requests that are stated to be the same but differ.";
    SAME_AS_ORDERED "same-as-ordered" "Two requests that are stated to be the same although one waits for the other.";
    SAME_AS_CHAIN "same-as-chain" "A request that is stated to be the same as a request without a run of its own.";
    CAUSE_WITHOUT_FAILED "cause-without-failed" "A cause of failure without the outcome `failed`.";
    CAUSE_WITHOUT_EXHAUST "cause-without-exhaust" "A cause of failure although no limit can be exhausted.";
    CAUSE_WITHOUT_FAIL_FAST "cause-without-fail-fast" "The cause `fail_fast` for a run that attempts every unit.";

    UNITS_OF_PHASED "units-of-phased" "Units or counts for a family that plans no units.";
    UNIT_NOT_PLANNED "unit-not-planned" "An expected unit that the run does not plan.";
    UNIT_MISSING "unit-missing" "A planned unit that is missing from the list of expected units.";
    WRONG_TOTAL "wrong-total" "A `total` or `processed` that differs from the number of planned units.";
    COUNTS_DISAGREE "counts-disagree" "Exact counts that contradict the size of the plan or the outcome.";
    COUNTS_AGAINST_UNITS "counts-against-units" "An exact count or outcome that contradicts the exact resolutions of the units.";
    EXACT_FINAL "exact-final" "An exact final result that a fault or a limit may change (contract, section 11).";
    AGAINST_TABLES "against-tables" "An expectation that excludes the result of the run without faults, as the contract's tables give it.";
    BAD_DECISION "bad-decision" "A schedule line that is not a valid decision.";
    UNKNOWN_MUTANT "unknown-mutant" "A planted bug that is not in the catalogue.";
    VIOLATES_NOTHING "violates-nothing" "A schedule that names a planted bug, but not the violated clause.";
    NEVER_INJECTED "never-injected" "A decision that injects a fault more often than the scenario allows.";
    OTHER_SCENARIO "other-scenario" "A schedule whose scenario does not exist or is not the simulated scenario.";
    EXACT_SHARED "exact-shared" "An exact final result although another run may work on the same object at the same time.";
}
