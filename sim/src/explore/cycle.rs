//! Cycles that a fair scheduler could follow for ever.
//!
//! A strongly connected component with at least one step contains such a cycle if it meets one condition, weak
//! fairness. Every process that is enabled in all states of the component must take a step within the component. One
//! cycle then passes through all states and steps of the component. Components are found without recursion, by the
//! algorithm of Robert Tarjan, "Depth-first search and linear graph algorithms", 1972.

/// The part of a graph in which faults have stopped.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    /// For each step, the states before and after it, and the process that takes it.
    edges: Vec<(u32, u32, u8)>,
    /// For each node, a bit for each enabled process; `None` if the node does not belong to this part.
    enabled: Vec<Option<u64>>,
}

/// The index of a node that has not been visited.
const UNMET: u32 = u32::MAX;

impl Graph {
    /// Adds a node, with a bit for each enabled process.
    pub(super) fn node(&mut self, node: u32, enabled: u64) {
        let place = node as usize;
        if self.enabled.len() <= place {
            self.enabled.resize(place + 1, None);
        }
        self.enabled[place] = Some(enabled);
    }

    /// Adds a step.
    pub(super) fn edge(&mut self, from: u32, to: u32, process: u8) {
        self.edges.push((from, to, process));
    }

    /// Returns a state of a cycle that a fair scheduler could follow, or `None` if there is no such cycle. The returned
    /// state is the first state of its component that was reached.
    pub(super) fn fair_cycle(&mut self) -> Option<u32> {
        self.edges.sort_unstable();
        let mut starts = vec![0; self.enabled.len() + 1];
        for (from, ..) in &self.edges {
            starts[*from as usize + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut parts = Parts {
            graph: self,
            starts,
            index: vec![UNMET; self.enabled.len()],
            low: vec![0; self.enabled.len()],
            part_of: vec![UNMET; self.enabled.len()],
            stack: Vec::new(),
            next: 0,
            closed: 0,
        };
        (0..u32::try_from(self.enabled.len()).unwrap_or(UNMET)).find_map(|root| parts.from(root))
    }
}

struct Parts<'g> {
    graph: &'g Graph,
    /// The index of the first edge of each node.
    starts: Vec<usize>,
    index: Vec<u32>,
    low: Vec<u32>,
    /// The number of each node's component, or `UNMET` while it is unknown.
    part_of: Vec<u32>,
    stack: Vec<u32>,
    next: u32,
    closed: u32,
}

impl Parts<'_> {
    fn meet(&mut self, node: u32) {
        self.index[node as usize] = self.next;
        self.low[node as usize] = self.next;
        self.next += 1;
        self.stack.push(node);
    }

    /// Visits all components that can be reached from a root. Returns a state of the first component with a fair cycle.
    fn from(&mut self, root: u32) -> Option<u32> {
        if self.graph.enabled[root as usize].is_none() || self.index[root as usize] != UNMET {
            return None;
        }
        let mut calls = vec![(root, self.starts[root as usize])];
        self.meet(root);
        while let Some((node, edge)) = calls.last_mut() {
            let node = *node;
            if *edge == self.starts[node as usize + 1] {
                calls.pop();
                if let Some((caller, _)) = calls.last() {
                    self.low[*caller as usize] = self.low[*caller as usize].min(self.low[node as usize]);
                }
                if self.low[node as usize] == self.index[node as usize]
                    && let Some(first) = self.close(node)
                {
                    return Some(first);
                }
                continue;
            }
            let to = self.graph.edges[*edge].1;
            *edge += 1;
            if self.index[to as usize] == UNMET {
                calls.push((to, self.starts[to as usize]));
                self.meet(to);
            } else if self.part_of[to as usize] == UNMET {
                self.low[node as usize] = self.low[node as usize].min(self.index[to as usize]);
            }
        }
        None
    }

    /// Pops a complete component off the stack. If the component has a fair cycle, returns the first state of the
    /// component that was reached.
    fn close(&mut self, root: u32) -> Option<u32> {
        let at = self.stack.iter().rposition(|node| *node == root)?;
        let part = self.stack.split_off(at);
        let number = self.closed;
        self.closed += 1;
        for node in &part {
            self.part_of[*node as usize] = number;
        }
        let (mut always, mut taken, mut inside) = (u64::MAX, 0, false);
        for node in &part {
            always &= self.graph.enabled[*node as usize].unwrap_or(0);
            for (_, to, process) in &self.graph.edges[self.starts[*node as usize]..self.starts[*node as usize + 1]] {
                if self.part_of[*to as usize] == number {
                    inside = true;
                    taken |= 1 << process;
                }
            }
        }
        let fair = inside && always & !taken == 0;
        if fair { part.into_iter().min() } else { None }
    }
}
