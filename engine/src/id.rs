//! Interned ids. Names live in one table at the edge; inside, an id is a small number and an index into a slab.
//!
//! Independent of names: if a family orders its units by name, the edge interns the names in that order.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
        pub struct $name(pub $inner);

        impl $name {
            /// Returns the place of this id in a slab.
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
    /// A work unit by its place in the plan of its run, from 0.
    UnitIx(u32);
    /// A queued job, numbered in the order of creation.
    JobId(u32);
    /// The number of a lease of one job; a later lease has a greater one and outranks the earlier.
    Fence(u32);
    /// An object that units act on: a policy type, a backup set.
    ObjectId(u32);
    /// A request for a run; a request sent again after a lost reply carries the same one.
    RequestId(u32);
    /// A person or service that starts or watches runs.
    ActorId(u16);
    /// A tenant.
    TenantId(u16);
}
