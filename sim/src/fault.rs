//! The faults that a world can strike with. Knows no rate and no moment: when one strikes is the scheduler's choice.

use truecount_engine::unit::Answer;

macro_rules! faults {
    ($($(#[$doc:meta])* $variant:ident $name:literal $(draws as $tag:literal)? $story:literal;)*) => {
        /// A kind of fault.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        pub enum Fault { $($(#[$doc])* $variant,)* }

        impl Fault {
            /// Every fault.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the name used in scenario files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns the name under which swarms draw it. It never changes, so that a seed keeps its meaning when a
            /// kind is renamed.
            pub const fn tag(self) -> &'static str {
                match self { $(Self::$variant => faults!(@tag $name $($tag)?),)* }
            }

            /// Returns what it does, as a story tells it.
            pub const fn story(self) -> &'static str {
                match self { $(Self::$variant => $story,)* }
            }
        }
    };
    (@tag $name:literal) => { $name };
    (@tag $name:literal $tag:literal) => { $tag };
}

faults! {
    /// A worker dies before what it asked for is done.
    CrashBefore "crash_before" "crashes before it takes its next step";
    /// A worker dies after what it asked for is done.
    CrashAfter "crash_after" "takes one last step, then crashes";
    /// What was asked for is done, but the reply is lost.
    LostReply "lost_reply" "takes a step and never hears that it is done";
    /// Storage or provider does not answer, and nothing is done.
    LostRequest "lost_request" draws as "unavailable" "gets no answer";
    /// Storage refuses a commit as if another had come first.
    Conflict "conflict" "is told of a conflict";
    /// A worker stalls past its lease, then goes on: a zombie.
    Stall "stall" "stalls past its lease";
    /// The world asks to slow down.
    Throttled "throttled" "is throttled";
    /// The world does not answer in time.
    TimedOut "timed_out" "waits in vain";
    /// The world is down.
    Outage "outage" draws as "down" "finds the world down";
    /// The world refuses for good.
    Rejected "rejected" "is rejected";
    /// The world refuses the credentials.
    Forbidden "forbidden" "is forbidden";
    /// The world says that the work does not apply.
    Unsupported "unsupported" "is told that the work does not apply";
    /// A job is delivered again, whether it was acknowledged or not.
    Redeliver "redeliver" "is delivered again";
    /// A job is delivered again under a new id.
    NewJobId "new_job_id" "is delivered again under a new id";
    /// A younger job is delivered before an older one.
    Reorder "reorder" "overtakes";
    /// A job turns up for a unit that is in no plan.
    UnplannedUnit "unplanned_unit" draws as "stranger" "turns up for a unit outside the plan";
    /// Somebody archives an object.
    Archive "archive" "is archived";
    /// Somebody removes an object.
    Remove "remove" "is removed";
    /// Somebody brings an object back.
    Restore "restore" "is brought back";
    /// A grant is taken back.
    Revoke "revoke" "is taken back";
    /// A grant that was taken back is given again.
    Regrant "regrant" "is given again";
    /// The clock jumps ahead.
    ClockJump "clock_jump" draws as "leap" "jumps ahead";
    /// A worker's clock goes wrong.
    ClockSkew "clock_skew" draws as "skew" "goes wrong";
    /// A file is written in part, and the writer is told that it is there.
    PartialWrite "partial_write" "writes a part and is told that it is all";
    /// The disk is full.
    DiskFull "disk_full" "finds the disk full";
    /// The queue forgets a job that waits to be delivered again.
    LostJob "lost_job" "is lost";
}

/// How many kinds there are.
pub const FAULTS: usize = Fault::ALL.len();

impl Fault {
    /// Returns the fault of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }

    /// Returns what the world says when it strikes with this.
    pub const fn says(self) -> Option<Answer> {
        match self {
            Self::Throttled => Some(Answer::Throttled),
            Self::TimedOut => Some(Answer::TimedOut),
            Self::Outage | Self::DiskFull => Some(Answer::Unavailable),
            Self::Rejected => Some(Answer::Rejected),
            Self::Forbidden => Some(Answer::Forbidden),
            Self::Unsupported => Some(Answer::Unsupported),
            _ => None,
        }
    }

    /// Returns whether it bends a step that somebody takes, rather than being a step of its own.
    pub const fn bends(self) -> bool {
        matches!(
            self,
            Self::CrashBefore
                | Self::CrashAfter
                | Self::LostReply
                | Self::LostRequest
                | Self::Conflict
                | Self::Stall
                | Self::PartialWrite
        ) || self.says().is_some()
    }

    /// Returns whether it changes what a unit may resolve to, so that final counts cannot be stated exactly.
    pub const fn changes_finals(self) -> bool {
        matches!(
            self,
            Self::Rejected | Self::Forbidden | Self::Unsupported | Self::Archive | Self::Remove | Self::Restore
        )
    }
}

/// A number for each kind of fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PerFault<T>([T; FAULTS]);

impl<T: Copy> PerFault<T> {
    /// Returns the number of a kind.
    #[inline]
    pub const fn get(&self, fault: Fault) -> T {
        self.0[fault as usize]
    }

    /// Sets the number of a kind.
    #[inline]
    pub fn set(&mut self, fault: Fault, value: T) {
        self.0[fault as usize] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A seed draws each kind from bits of its tag. Add the tag of a new kind at the end, and change no other.
    #[test]
    fn no_tag_of_a_kind_ever_changes() {
        let tags: Vec<&str> = Fault::ALL.iter().map(|fault| fault.tag()).collect();
        assert_eq!(
            tags.join(" "),
            "crash_before crash_after lost_reply unavailable conflict stall throttled timed_out down rejected \
             forbidden unsupported redeliver new_job_id reorder stranger archive remove restore revoke regrant leap skew \
             partial_write disk_full lost_job"
        );
    }
}
