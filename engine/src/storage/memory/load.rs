//! Reading rows for an operation.

use std::sync::Arc;

use super::Memory;
use crate::id::{RunId, UnitIx};
use crate::index::ix;
use crate::run::{Head, Run};
use crate::storage::{Load, Loaded, Orphan, Reply, Same, Which};
use crate::time::Millis;

impl Memory {
    #[inline]
    pub(super) fn load(&self, load: Load, now: Millis) -> Reply {
        match load {
            Load::Run(run) => self.runs.get(run.index()).map_or(Reply::NoRun, |row| Reply::Run(*row)),
            Load::Unit { run, which, .. } => self.load_unit(run, which),
            Load::Units(run) => Reply::Units(self.units(run).into()),
            Load::Input { run, .. } => Reply::Input { input: Arc::clone(&self.inputs[run.index()]), response: None },
            Load::Same { request, identity } => {
                let made = self.runs.iter().find(|run| run.request == request);
                let same = || self.runs.iter().find(|run| run.active() && run.identity == identity);
                let own = made.is_some();
                Reply::Found(made.or_else(same).map(|run| Same { run: run.head.run, own }))
            }
            Load::Grant { actor, tenant } => Reply::Granted(self.grant(actor, tenant)),
            Load::NextActive { from, tenant } => {
                let wanted = |run: &&Run| run.active() && tenant.is_none_or(|tenant| run.identity.tenant == tenant);
                self.next_run(from, wanted)
            }
            Load::NextExpired { from, retention } => self.next_run(from, |run| {
                let since = run.completed_at.map(|at| now.since(at));
                since.is_some_and(|since| since >= retention) && !self.pruned[run.head.run.index()]
            }),
            Load::Orphan { run } => Reply::Orphan(self.orphan(run)),
            Load::Outbox => Reply::Outbox(self.outbox.get(self.relayed).copied()),
        }
    }

    fn next_run(&self, from: RunId, wanted: impl Fn(&&Run) -> bool) -> Reply {
        let rest = self.runs.get(from.index()..).unwrap_or_default();
        rest.iter().find(wanted).map_or(Reply::NoRun, |run| Reply::Run(*run))
    }

    #[inline]
    fn load_unit(&self, run: RunId, which: Which) -> Reply {
        let head: Head = self.runs[run.index()].head;
        let ix = self.which(run, which);
        self.units(run).get(ix.index()).map_or(Reply::NoUnit(head), |&unit| {
            let row = self.objects[unit.object.index()];
            Reply::Unit(Loaded { head, ix, unit, row, response: None })
        })
    }

    /// Returns the index of the selected unit, or an index past the last unit if there is none.
    #[inline]
    pub fn which(&self, run: RunId, which: Which) -> UnitIx {
        match which {
            Which::Exactly(ix) => ix,
            Which::NextUnresolved(from) => from.max(UnitIx(self.ledgers[run.index()].resolved_up_to)),
        }
    }

    /// Returns the first orphan of a run. This reads every job; a database would use an index.
    pub(super) fn orphan(&self, run: RunId) -> Orphan {
        let jobs = || self.jobs.iter().filter(|job| job.run == run && job.live());
        if jobs().any(|job| job.unit.is_none()) {
            return Orphan::None;
        }
        // The run may have ended since the caller read it. There is no work left in that case.
        if !self.runs[run.index()].active() {
            return Orphan::None;
        }
        let head = self.runs[run.index()].head;
        if !head.sealed || !head.fan_out || head.units == 0 {
            return Orphan::Run;
        }
        let units = &self.ledgers[run.index()].rows;
        let mut carried = vec![false; units.len()];
        for unit in jobs().filter_map(|job| job.unit) {
            if let Some(carried) = carried.get_mut(unit.index()) {
                *carried = true;
            }
        }
        let orphan = units.iter().zip(&carried).position(|(unit, carried)| unit.resolution.is_none() && !carried);
        orphan.map_or(Orphan::None, |place| Orphan::Unit(UnitIx(ix(place))))
    }
}
