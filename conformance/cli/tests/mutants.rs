//! Tests that the checkers report violations for planted bugs, and for nothing else. Each planted bug is killed under
//! its clause. With no bug planted, the engine in which bugs can be planted behaves exactly like the engine that ships.

mod corpus;

use std::collections::BTreeSet;

use corpus::Corpus;
use truecount_contract::clause::{Clause, Kind};
use truecount_contract::vectors::FAULTY;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::matrix::{Matrix, Row};
use truecount_gate::{Settings, Terms, search, sweep};
use truecount_mutants::{CATALOGUE, FaultyStore, Mutant, NOT_EXPRESSIBLE, Plant, Planted};

/// The number of seeds within which each bug must be killed.
const SEEDS: u64 = 1_000;

/// A plant that overrides no rule.
struct Nothing;

impl Plant for Nothing {}

#[test]
fn each_planted_bug_is_killed_under_its_clause_within_a_thousand_seeds() {
    let corpus = Corpus::read();
    let mutants: Vec<&'static Mutant> = CATALOGUE.iter().collect();
    let detected = search(&corpus.pairs(), &mutants, SEEDS, 2, &());
    assert_eq!(detected.len(), CATALOGUE.len());
    let survived: Vec<String> = mutants
        .iter()
        .zip(&detected)
        .filter(|(_, detected)| detected.under_its_clause.is_none())
        .map(|(mutant, detected)| {
            format!("{} under {}; first violation: {:?}", mutant.id, mutant.clause, detected.first_violation)
        })
        .collect();
    assert!(survived.is_empty(), "{survived:#?}");
    for (mutant, detected) in mutants.iter().zip(&detected) {
        let (first, own) = (detected.first_violation.as_ref(), detected.under_its_clause.as_ref());
        let simulations = |sighting: Option<&truecount_gate::Sighting>| sighting.map(|sighting| sighting.simulations);
        assert!(
            simulations(first) <= simulations(own),
            "{}: the first violation of any clause came after the first violation of the mutant's own clause",
            mutant.id
        );
        assert!(own.is_some_and(|own| own.clauses.contains(mutant.clause) && own.seed < SEEDS), "{}", mutant.id);
    }
}

#[test]
fn every_clause_has_a_bug_that_violates_it() {
    let planted = |clause: Clause| CATALOGUE.iter().any(|mutant| mutant.clause == clause);
    let faulty = |clause: Clause| FAULTY.iter().any(|faulty| faulty.clause == clause);
    for &clause in Clause::ALL {
        let needs = |kind: &Kind| match kind {
            Kind::S | Kind::L => planted(clause),
            Kind::V => faulty(clause),
            // The source-level tests have snippets that violate these clauses.
            Kind::A => true,
        };
        assert!(clause.kinds().iter().all(needs), "no bug violates {clause}");
    }
    let ids: BTreeSet<&str> = CATALOGUE.iter().map(|mutant| mutant.id).collect();
    assert!(NOT_EXPRESSIBLE.iter().all(|(id, ..)| !ids.contains(id)));
}

/// Public bug reports, and the clause that names the cause of each.
const REPORTS: [(&str, Clause); 20] = [
    ("Bogdanp/dramatiq#452", Clause::COUNT_11),
    ("apache/pulsar#5891", Clause::COUNT_17),
    ("apache/spark#24497", Clause::LIFE_11),
    ("apache/spark#5550", Clause::COUNT_01),
    ("artifact-keeper/artifact-keeper#3510", Clause::COUNT_05),
    ("bensheldon/good_job#1387", Clause::NOTE_03),
    ("camunda/camunda#42478", Clause::COUNT_02),
    ("cockroachdb/cockroach#164160", Clause::COUNT_05),
    ("engines that fail fast", Clause::LIFE_16),
    ("laravel/framework#36864", Clause::PROG_07),
    ("laravel/horizon#1042", Clause::COUNT_17),
    ("mastodon/mastodon#27231", Clause::COUNT_18),
    ("nextflow-io/nextflow#5365", Clause::COUNT_01),
    ("nextflow-io/nextflow#5868", Clause::COUNT_12),
    ("open-mercato/open-mercato#5189", Clause::LIFE_16),
    ("restic/restic#3232", Clause::COUNT_02),
    ("snakemake/snakemake#3014", Clause::COUNT_01),
    ("spring-projects/spring-batch#941", Clause::COUNT_10),
    ("taskforcesh/bullmq#3136", Clause::COUNT_10),
    ("temporalio/temporal#3316", Clause::LIFE_08),
];

#[test]
fn each_public_report_has_a_planted_bug_under_the_clause_that_names_its_cause() {
    let reports = |mutant: &'static Mutant| mutant.known_from.iter().map(|report| (*report, mutant.clause));
    let mut planted: Vec<(&str, Clause)> = CATALOGUE.iter().flat_map(reports).collect();
    planted.sort_unstable();
    assert_eq!(planted, REPORTS);
}

/// A few seeds suffice: the kill matrix has the figures of the default number of seeds.
#[test]
fn each_bug_known_from_a_report_is_reported_mostly_under_its_clause() {
    let corpus = Corpus::read();
    let known: Vec<&'static Mutant> = CATALOGUE.iter().filter(|mutant| !mutant.known_from.is_empty()).collect();
    let terms = Terms { campaigns: 1, cap: 4, jobs: 2, explores: false };
    let matrix = Matrix::new(&corpus.pairs(), &known, terms, false, &());
    let named = |row: &Row| format!("{} under {}: {:?}", row.mutant, row.clause, row.attribution);
    let wrong = matrix.rows.iter().filter(|row| matrix.summary.misattributed_reports.contains(&row.mutant));
    assert_eq!(wrong.map(named).collect::<Vec<_>>(), Vec::<String>::new());
    assert!(matrix.rows.iter().all(|row| row.attribution.failing > 0 && !row.known_from.is_empty()));
}

#[test]
fn no_two_mutants_share_an_id_or_a_name() {
    let ids: BTreeSet<&str> = CATALOGUE.iter().map(|mutant| mutant.id).collect();
    let names: BTreeSet<&str> = CATALOGUE.iter().map(|mutant| mutant.name).collect();
    assert_eq!((ids.len(), names.len()), (CATALOGUE.len(), CATALOGUE.len()));
}

#[test]
fn the_engine_without_a_planted_bug_behaves_like_the_engine_that_ships() {
    let corpus = Corpus::read();
    let pairs = corpus.pairs();
    let settings = Settings { first: 0, seeds: Some(32), jobs: 2 };
    let planted = sweep(&pairs, settings, || (Planted(&Nothing), FaultyStore::new(None)), &());
    let standard = sweep(&pairs, settings, || (Standard, Memory::new()), &());
    for (((scenario, _), planted), standard) in pairs.iter().zip(&planted).zip(&standard) {
        assert_eq!((planted.seeds, planted.failures), (32, 0), "{}: {:?}", scenario.id, planted.first);
        // The results contain the hash over the traces of all seeds in order, as well as steps, events and clauses.
        assert_eq!(planted, standard, "{}", scenario.id);
    }
    assert_eq!((planted.len(), standard.len()), (pairs.len(), pairs.len()));
}
