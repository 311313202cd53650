//! The rules for a scenario beyond its shape, each with the code of its problems.
//!
//! This file is the list. Each rule is checked where its noun is.

macro_rules! rules {
    ($($name:ident $code:literal $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)*

        /// Every rule: its code, and what violates it.
        pub const ALL: &[(&str, &str)] = &[$(($code, $meaning),)*];
    };
}

rules! {
    UNKNOWN_FORMAT "unknown-format" "A format version that this program does not read.";
    EMPTY_TITLE "empty-title" "An empty title.";
    BAD_NAME "bad-name" "A name with characters that a name cannot have.";
    BAD_RANGE "bad-range" "A range of names that cannot be expanded.";
    DUPLICATE_NAME "duplicate-name" "A name that is given twice.";
    TOO_MANY "too-many" "More of something than a scenario can have.";
    TOO_MANY_PROBLEMS "too-many-problems" "More problems than are shown.";
    OUT_OF_RANGE "out-of-range" "A number outside its range.";
    NO_CLAUSE "no-clause" "A scenario that is about no clause.";
    NO_RUN "no-run" "A scenario without a requested run.";

    UNKNOWN_CLAUSE "unknown-clause" "A clause that the contract does not have.";
    UNKNOWN_TENANT "unknown-tenant" "A tenant that is not listed.";
    UNKNOWN_ACTOR "unknown-actor" "An actor who is not listed.";
    UNKNOWN_GRANT "unknown-grant" "A grant that policies do not know.";
    UNKNOWN_OBJECT "unknown-object" "An object that is not listed.";
    UNKNOWN_STATE "unknown-state" "A state that no object can have.";
    UNKNOWN_RUN "unknown-run" "A run that is not listed.";
    UNKNOWN_FAMILY "unknown-family" "A family that the contract does not have.";
    UNKNOWN_PHASE "unknown-phase" "A phase that the family does not go through.";
    UNKNOWN_RESPONSE "unknown-response" "A response that is not possible there.";
    UNKNOWN_FAULT "unknown-fault" "A kind of fault that the simulation does not have.";
    UNKNOWN_OUTCOME "unknown-outcome" "An outcome that no run can have.";
    UNKNOWN_CAUSE "unknown-cause" "A cause for which no run fails as a whole.";
    UNKNOWN_COUNT "unknown-count" "A summary key that the contract does not have.";
    UNKNOWN_RESOLUTION "unknown-resolution" "A resolution that the contract does not have.";
    UNKNOWN_SHAPE "unknown-shape" "A shape that no plan can have.";

    SHAPES_OF_RUNS "shapes-of-runs" "Shapes where there is not one run.";
    SHAPES_OF_TOO_FEW "shapes-of-too-few" "Shapes of a plan that is too small to look otherwise.";
    SHAPES_OF_TOO_MANY "shapes-of-too-many" "Shapes of a plan that is too large to be written out for each.";
    SHAPES_WITHOUT_UNITS "shapes-without-units" "Shapes of a plan of whose units nothing is expected.";
    SHAPES_WITH_SCHEDULES "shapes-with-schedules" "A schedule of a scenario whose plan is not one.";
    SHAPE_DOES_NOT_FIT "shape-does-not-fit" "A shape with which a scenario contradicts itself.";

    UNUSED_GRANT "unused-grant" "A grant to an actor that does nothing in that tenant.";
    AFTER_ITSELF "after-itself" "A run that waits for itself.";
    AFTER_LATER "after-later" "A run that waits for a later one; a cycle always has such a pair.";
    AFTER_REFUSED "after-refused" "A run that waits for one that is refused.";

    UNPLANNED_RESPONSES "unplanned-responses" "Responses for a unit that the run does not plan.";
    PLANNING_OF_PHASED "planning-of-phased" "Words at the planning of a family that makes no plan.";
    PUBLISHING_OF_NOTHING "publishing-of-nothing" "Words at the publishing of a family that publishes nothing.";
    EXCLUDE_WITHOUT_OPTIONS "exclude-without-options" "Objects excluded from the plan of a family without options.";
    EXCLUDES_NOTHING "excludes-nothing" "An excluded object that is not requested.";
    PHASES_OF_UNPHASED "phases-of-unphased" "Words at the phases of a family without phases.";
    DEFINITE_NOT_LAST "definite-not-last" "A response after a definite one: no attempt is left to get it.";
    NOT_RETRYABLE "not-retryable" "A definite response where only retryable ones are possible.";
    BEYOND_LIMIT "beyond-limit" "More responses than the family makes attempts.";
    ATTEMPTS_USED_UP "attempts-used-up" "Words that use up the attempts without `exhaust_limits`.";

    MISSING_EXPECTATION "missing-expectation" "A run of which nothing is expected.";
    EMPTY_EXPECTATION "empty-expectation" "An entry that expects nothing.";
    EMPTY_SET "empty-set" "A list of possibilities that is empty.";
    EXPECTS_MORE "expects-more" "More about a request that makes no run of its own.";
    MUST_BE_REFUSED "must-be-refused" "A run by an actor who may not operate, and no `refused`.";
    NOT_REFUSED "not-refused" "A `refused` run by an actor who may operate.";
    SAME_AS_DIFFERS "same-as-differs" "Two requests said to be the same that are not.";
    SAME_AS_ORDERED "same-as-ordered" "Two requests said to be the same, one of which waits for the other.";
    SAME_AS_CHAIN "same-as-chain" "A request said to be the same as one that makes no run of its own.";
    CAUSE_WITHOUT_FAILED "cause-without-failed" "A cause of failure without the outcome `failed`.";
    CAUSE_WITHOUT_EXHAUST "cause-without-exhaust" "A cause of failure where no limit can be reached.";

    UNITS_OF_PHASED "units-of-phased" "Units or counts of a family that plans none.";
    UNIT_NOT_PLANNED "unit-not-planned" "An expected unit that the run does not plan.";
    UNIT_MISSING "unit-missing" "A planned unit that the list of expected ones leaves out.";
    WRONG_TOTAL "wrong-total" "A `total` or `processed` that is not the number of planned units.";
    COUNTS_DISAGREE "counts-disagree" "Exact counts or an outcome that contradict each other.";
    COUNTS_AGAINST_UNITS "counts-against-units" "Exact counts or an outcome that contradict the exact units.";
    EXACT_FINAL "exact-final" "An exact final where faults may change it (contract, section 11).";
    BAD_DECISION "bad-decision" "A line of a schedule that cannot be understood.";
    UNKNOWN_MUTANT "unknown-mutant" "A planted bug that the catalogue does not have.";
    VIOLATES_NOTHING "violates-nothing" "A schedule for a planted bug that does not say which clause it violates.";
    NEVER_INJECTED "never-injected" "A decision that is injected with a fault which the scenario does not allow so often.";
    OTHER_SCENARIO "other-scenario" "A schedule of another scenario than the one that is simulated.";
    EXACT_SHARED "exact-shared" "An exact final where another run works on the same object at the same time.";
}
