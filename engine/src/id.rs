//! Interned ids. Names are kept in one table outside the engine. Inside the engine, an id is a small number that serves
//! as an index into a table.
//!
//! If a family orders its units by name, the caller interns the names in that order.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
        pub struct $name(pub $inner);

        impl $name {
            /// Returns the id as an index into a table.
            #[inline]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A run, numbered in the order of creation.
    RunId(u32);
    /// A work unit, by its index in the plan of its run.
    UnitIx(u32);
    /// A queued job, numbered in the order of creation.
    JobId(u32);
    /// A fencing token: the number of a lease of one job. A newer lease has a higher number.
    Fence(u32);
    /// An object that units act on, such as a policy type or a backup set.
    ObjectId(u32);
    /// A request for a run. If it is sent again after a lost reply, it keeps its id.
    RequestId(u32);
    /// A person or service that starts or views runs.
    ActorId(u16);
    /// A tenant.
    TenantId(u16);
}
