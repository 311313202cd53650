//! The lines of a schedule, in the form `moment: action`. Each half is a phrase.
//!
//! A phrase is a row of a table and consists of words and slots. Lines are printed and read by the same rows, so every
//! printed line can be read. `slot.rs` prints and reads the slots.

use truecount_sim::schedule::{Action, Decision, Moment, Who};

use super::read::Reader;
use super::{Mistake, Setting};

macro_rules! phrases {
    ($name:ident $type:ident $otherwise:literal; $($variant:ident $(($($field:tt),*))? = [$($piece:tt)+];)*) => {
        impl Setting<'_> {
            /// Prints the phrase of a value.
            pub(super) fn $name(&self, value: $type) -> String {
                match value {
                    $($type::$variant $(($($field),*))? => [$(phrases!(@print self $piece)),+].concat(),)*
                }
            }
        }

        impl Reader<'_, '_> {
            /// Reads a phrase.
            pub(super) fn $name(&mut self) -> Result<$type, Mistake> {
                self.any(
                    &[$(|reader: &mut Self| {
                        $(phrases!(@read reader $piece);)+
                        Ok($type::$variant $(($($field),*))?)
                    }),*],
                    $otherwise,
                )
            }
        }

        #[cfg(test)]
        impl super::tests::Slots {
            /// Returns a value for each phrase, with the drawn values in its slots.
            pub(super) fn $name(&self) -> Vec<$type> {
                vec![$($type::$variant $(($(phrases!(@draw self $field)),*))?),*]
            }
        }
    };
    (@draw $slots:ident $value:literal) => { $value };
    (@draw $slots:ident $slot:ident) => { $slots.$slot };
    (@print $setting:ident $words:literal) => { $words.to_owned() };
    (@print $setting:ident $slot:ident) => { $setting.$slot($slot) };
    (@read $reader:ident $words:literal) => { $reader.words($words)?; };
    (@read $reader:ident $slot:ident) => { let $slot = $reader.$slot()?; };
}

phrases! { moment Moment "`the job of ...` or another component";
    Send = ["before the next request is sent"];
    Deliver(job) = ["before " job " is delivered"];
    Step(who, point) = [who ", " point];
    Jump = ["before time passes"];
}

phrases! { action Action "an action, such as `crash_after of the job of ...`";
    Send = ["the next request is sent first"];
    Deliver(job) = [job " is delivered first"];
    Reorder(job) = ["reorder: " job " is delivered before older ones"];
    Step(who) = [who " goes first"];
    Jump = ["time passes first"];
    Inject(who, fault) = [fault " of " who];
    Redeliver(job) = ["redeliver " job];
    NewJobId(job) = ["new_job_id for " job];
    LostJob(job) = ["lost_job: " job " is lost"];
    UnplannedUnit(run) = ["unplanned_unit in " run];
    Resend(request) = ["resend the request for " request];
    Change(object, state) = [object " becomes " state];
    ClockJump(duration) = ["clock_jump of " duration " ms"];
    ClockSkew(worker, offset) = ["clock_skew of worker " worker " by " offset " ms"];
    Sweep = ["the sweeper runs"];
    Relay = ["the relay runs"];
    Prune = ["the retention job runs"];
    Observe(viewer) = [viewer " views the surface"];
    View(viewer, any_run) = [viewer " asks for " any_run];
    Fetch(viewer, any_run) = [viewer " reads the pack of " any_run];
    Regrant(grant, true) = ["the grant of " grant " is granted again"];
    Regrant(grant, false) = ["the grant of " grant " is revoked"];
    Lower(grant) = ["the grant of " grant " is lowered to view"];
    Heal = ["faults stop"];
}

phrases! { who Who "`the job of ...` or another component";
    Lease(job, 1) = [job];
    Lease(job, lease) = [job ", lease " lease];
    Sender(request) = ["the request for " request];
    SecondSender(request) = ["the request for " request " sent again"];
    Sweep = ["the sweeper"];
    SecondSweep = ["the second sweeper"];
    Relay = ["the relay"];
    SecondRelay = ["the second relay"];
    Prune = ["the retention job"];
    SecondPrune = ["the second retention job"];
    Viewer = ["the viewer"];
}

/// Prints a decision as a line.
pub(super) fn print(setting: &Setting<'_>, decision: &Decision) -> String {
    let again = if decision.occurrence == 1 { String::new() } else { format!(" ({})", decision.occurrence) };
    format!("{}{again}: {}", setting.moment(decision.moment), setting.action(decision.action))
}

/// Reads a line as a decision.
pub(super) fn read(setting: &Setting<'_>, line: &str) -> Result<Decision, Mistake> {
    Reader::whole(setting, line, |reader| {
        let moment = reader.moment()?;
        let occurrence = reader.occurrence()?;
        reader.words(":")?;
        Ok(Decision { moment, occurrence, action: reader.action()? })
    })
}
