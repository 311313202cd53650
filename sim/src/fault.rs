//! The faults that a simulation can inject. Rates and moments are not defined here: a scheduler chooses when to inject
//! a fault.

use std::fmt;

use truecount_engine::unit::Response;

macro_rules! faults {
    ($($(#[$doc:meta])* $variant:ident $name:literal $(($tag:literal))? $target:ident $phrase:literal;)*) => {
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

            /// Returns the tag of this kind, which is part of the key under which a swarm decides whether to include
            /// the kind. The tag never changes, so a seed keeps its meaning even if a kind is renamed.
            pub const fn tag(self) -> &'static str {
                match self { $(Self::$variant => faults!(@tag $name $($tag)?),)* }
            }

            /// Returns the target into which this fault is injected.
            pub const fn target(self) -> Target {
                match self { $(Self::$variant => Target::$target,)* }
            }

            /// Returns the phrase that describes this fault and its target in a trace.
            pub fn phrase(self, target: &str) -> String {
                let phrase = match self { $(Self::$variant => $phrase,)* };
                phrase.replacen("{}", target, 1)
            }
        }
    };
    (@tag $name:literal) => { $name };
    (@tag $name:literal $tag:literal) => { $tag };
}

/// The target of an injected fault. The event that records the injection contains the number of the target.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// The next step of an actor.
    Actor,
    Job,
    Unit,
    Object,
    Grant,
    /// A request that is under way.
    Request,
    /// The clock; the number of the target is the size of the jump in milliseconds.
    Clock,
    /// The clock of a worker.
    Worker,
}

impl Target {
    /// Returns a noun for an unidentified target.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Actor => "a component",
            Self::Job => "a job",
            Self::Unit => "an unplanned unit",
            Self::Object => "an object",
            Self::Grant => "a grant",
            Self::Request => "a request",
            Self::Clock => "some time",
            Self::Worker => "a worker",
        }
    }
}

faults! {
    /// A component crashes before its next request is performed.
    CrashBefore "crash_before" Actor "{} crashes before its next step";
    /// A component crashes after its next request is performed.
    CrashAfter "crash_after" Actor "{} crashes after its next step";
    /// A request is performed, but the reply is lost.
    LostReply "lost_reply" Actor "{} loses the reply";
    /// A request to storage or to the provider is lost and never performed.
    LostRequest "lost_request" ("unavailable") Actor "{} loses the request";
    /// Storage refuses a commit with a write conflict, as if another commit had come first.
    Conflict "conflict" Actor "{} gets a write conflict";
    /// A worker stalls past its lease, then continues: a zombie.
    Stall "stall" Actor "{} stalls past its lease";
    /// The provider throttles the request.
    Throttled "throttled" Actor "{} is throttled";
    /// The provider does not respond in time.
    TimedOut "timed_out" Actor "{} times out";
    /// The provider is down.
    Outage "outage" ("down") Actor "{} finds the provider down";
    /// The provider rejects the work for good.
    Rejected "rejected" Actor "{} has its work rejected by the provider";
    /// The provider rejects the credentials.
    Forbidden "forbidden" Actor "{} has its credentials rejected by the provider";
    /// The provider responds that the work does not apply.
    Unsupported "unsupported" Actor "{} finds that the work does not apply";
    /// A job is delivered again, whether it was acknowledged or not.
    Redeliver "redeliver" Job "{} is redelivered";
    /// A job is delivered again under a new id.
    NewJobId "new_job_id" Job "{} is redelivered under a new id";
    /// A younger job is delivered before an older one.
    Reorder "reorder" Job "{} is delivered before older ones";
    /// A job appears for a unit outside the plan.
    UnplannedUnit "unplanned_unit" ("stranger") Unit "a job appears for {}";
    /// An object is archived.
    Archive "archive" Object "{} is archived";
    /// An object is removed.
    Remove "remove" Object "{} is removed";
    /// An object becomes active again.
    Restore "restore" Object "{} becomes active";
    /// A grant is revoked.
    Revoke "revoke" Grant "{} is revoked";
    /// A revoked grant is granted again.
    Regrant "regrant" Grant "{} is granted again";
    /// The clock jumps ahead.
    ClockJump "clock_jump" ("leap") Clock "the clock jumps ahead by {}";
    /// The clock of a worker is wrong.
    ClockSkew "clock_skew" ("skew") Worker "the clock of {} is skewed";
    /// Only part of a file is written, but the reply reports success.
    PartialWrite "partial_write" Actor "{} writes only part of a file, but the reply reports success";
    /// The disk is full.
    DiskFull "disk_full" Actor "{} finds the disk full";
    /// The queue loses a job that waits to be redelivered.
    LostJob "lost_job" Job "{} is lost";
    /// A grant to operate becomes a grant to view.
    Lower "lower" Grant "{} is lowered to view";
    /// A request is sent again while it is still under way.
    Resend "resend" Request "{} is sent again while it is under way";
}

/// The number of kinds.
pub const FAULTS: usize = Fault::ALL.len();

impl Fault {
    /// Returns the fault with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }

    /// Returns the response that replaces the regular one, or `None` if this fault replaces no response.
    pub const fn responses(self) -> Option<Response> {
        match self {
            Self::Throttled => Some(Response::Throttled),
            Self::TimedOut => Some(Response::TimedOut),
            Self::Outage | Self::DiskFull => Some(Response::Unavailable),
            Self::Rejected => Some(Response::Rejected),
            Self::Forbidden => Some(Response::Forbidden),
            Self::Unsupported => Some(Response::Unsupported),
            _ => None,
        }
    }

    /// Returns whether the fault alters an actor's step, rather than being a choice of its own.
    pub const fn alters_step(self) -> bool {
        matches!(self.target(), Target::Actor)
    }

    /// Returns whether the fault can change the resolution of a unit, so that final counts cannot be stated exactly.
    pub const fn changes_finals(self) -> bool {
        matches!(
            self,
            Self::Rejected | Self::Forbidden | Self::Unsupported | Self::Archive | Self::Remove | Self::Restore
        )
    }
}

/// A value for each kind of fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PerFault<T>([T; FAULTS]);

impl<T: Copy> PerFault<T> {
    /// Returns the value for a kind.
    #[inline]
    pub const fn get(&self, fault: Fault) -> T {
        self.0[fault as usize]
    }

    /// Sets the value for a kind.
    #[inline]
    pub fn set(&mut self, fault: Fault, value: T) {
        self.0[fault as usize] = value;
    }
}

impl PerFault<u16> {
    /// Returns the kinds whose number is greater than 0.
    pub fn kinds(&self) -> FaultSet {
        Fault::ALL.iter().copied().filter(|fault| self.get(*fault) > 0).collect()
    }
}

// Each kind of fault is one bit.
const _: () = assert!(FAULTS <= 32);

/// A set of kinds of fault.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct FaultSet(u32);

impl FaultSet {
    /// Adds a kind.
    #[inline]
    pub const fn insert(&mut self, fault: Fault) {
        self.0 |= 1 << fault as u8;
    }

    /// Adds the kinds of another set.
    #[inline]
    pub const fn extend(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Returns whether the set contains a kind.
    #[inline]
    pub const fn contains(self, fault: Fault) -> bool {
        self.0 & 1 << fault as u8 != 0
    }

    /// Returns whether the set is empty.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the kinds that are not in another set.
    #[must_use]
    pub const fn beyond(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns the kinds in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.iter().copied().filter(move |fault| self.contains(*fault))
    }
}

impl FromIterator<Fault> for FaultSet {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Self {
        let mut set = Self::default();
        faults.into_iter().for_each(|fault| set.insert(fault));
        set
    }
}

impl fmt::Debug for FaultSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_contains_the_kinds_whose_number_is_greater_than_0() {
        let mut numbers = PerFault::default();
        let (first, last) = (Fault::ALL[0], Fault::ALL[FAULTS - 1]);
        numbers.set(last, 3);
        numbers.set(first, 1);
        let mut kinds = numbers.kinds();
        assert_eq!(kinds.iter().collect::<Vec<_>>(), [first, last]);
        assert!(!kinds.contains(Fault::ALL[1]) && FaultSet::default().is_empty());
        kinds.extend([Fault::ALL[1]].into_iter().collect());
        assert_eq!(kinds.beyond(numbers.kinds()).iter().collect::<Vec<_>>(), [Fault::ALL[1]]);
    }

    /// The draw of each kind depends on the tag of the kind. Append the tag of a new kind, and change no other tag.
    #[test]
    fn tags_never_change() {
        let tags: Vec<&str> = Fault::ALL.iter().map(|fault| fault.tag()).collect();
        assert_eq!(
            tags.join(" "),
            "crash_before crash_after lost_reply unavailable conflict stall throttled timed_out down rejected \
             forbidden unsupported redeliver new_job_id reorder stranger archive remove restore revoke regrant leap skew \
             partial_write disk_full lost_job lower resend"
        );
    }
}
