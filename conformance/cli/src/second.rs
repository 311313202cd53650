//! The second process of an audit: another process of this program, which also simulates each round and replies to the
//! first process.
//!
//! Its stdin contains requests, one on each line. `round N` simulates a round, and the reply has a line for each
//! simulation. `narrate I` prints the events of the simulation with index I in the last requested round. A reply ends
//! with a line that contains a single dot. The process ends when its stdin is closed.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use truecount_engine::rules::Rules;
use truecount_sim::interrupt::Interrupt;
use truecount_sim::subject::native::Store;

use super::again::Again;
use super::{Exit, data, interrupt};
use truecount_contract::digest::sha256;
use truecount_contract::reference::Reference;
use truecount_gate::narrative::EventWords;
use truecount_gate::{Mark, NotSame, Settings, Taken};
use truecount_scenario::Scenario;

/// The last line of a reply.
const END: &str = ".";

/// Scenarios with their references, as the gate expects them.
type Pairs<'p> = [(&'p Scenario, &'p Reference)];

/// The first process's handle to the second process.
pub(super) struct Second {
    child: Child,
    stdin: Option<ChildStdin>,
    /// The lines of its stdout. A thread reads them, so that an interrupt need not wait for the next line.
    lines: Receiver<io::Result<String>>,
}

impl Second {
    /// Starts this program again with the same scenarios.
    ///
    /// # Errors
    ///
    /// Returns the reason why the second process cannot simulate the same scenarios.
    pub(super) fn start(scenarios: &Pairs<'_>) -> Result<Self, String> {
        let again = Again {
            without: &["--resume", "--format"],
            without_flags: &["--audit", "--coverage"],
            with: vec!["--second".to_owned()],
        };
        let start = || {
            let mut command = Command::new(std::env::current_exe()?);
            command.args(again.arguments()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
        };
        let mut child = start().map_err(|error| format!("cannot be started: {error}"))?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().ok_or("has no stdout")?);
        let lines = lines_of(stdout).map_err(|error| format!("cannot be read: {error}"))?;
        let second = Self { child, stdin, lines };
        if second.line()? == greeting(scenarios) { Ok(second) } else { Err("has read different scenarios".to_owned()) }
    }

    /// Simulates a round twice in this process and once in the second process. Returns the number of simulations in the
    /// round, and the differences.
    ///
    /// # Errors
    ///
    /// Returns the reason why the second process did not reply correctly.
    pub(super) fn round<R: Rules, S: Store>(
        &mut self,
        scenarios: &Pairs<'_>,
        settings: Settings,
        round: u64,
        engine: &(impl Fn() -> (R, S) + Sync),
    ) -> Result<(u64, Vec<NotSame>), String> {
        self.ask(&format!("round {round}"))?;
        let simulations = truecount_gate::round_of(scenarios, settings, round);
        let (here, mut found) = truecount_gate::twice(scenarios, &simulations, settings.jobs, interrupt::now(), engine);
        if interrupt::asked() {
            return Err("was interrupted".to_owned());
        }
        let there: Vec<Mark> = self.response()?.iter().filter_map(|line| mark(line)).collect();
        if there.len() != simulations.len() {
            return Err(format!(
                "reported {} instead of {} simulations in round {round}",
                there.len(),
                simulations.len()
            ));
        }
        let narrate = |number| -> Result<_, String> {
            self.ask(&format!("narrate {number}"))?;
            Ok(self.response()?.iter().map(|line| event(line)).collect())
        };
        found.extend(truecount_gate::compare(scenarios, &simulations, &here, &there, narrate)?);
        Ok((simulations.len() as u64, found))
    }

    fn ask(&mut self, line: &str) -> Result<(), String> {
        let stdin = self.stdin.as_mut().ok_or("has no stdin")?;
        writeln!(stdin, "{line}").and_then(|()| stdin.flush()).map_err(|error| format!("cannot be written to: {error}"))
    }

    fn response(&self) -> Result<Vec<String>, String> {
        let mut lines = Vec::new();
        loop {
            match self.line()? {
                line if line == END => return Ok(lines),
                line => lines.push(line),
            }
        }
    }

    fn line(&self) -> Result<String, String> {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(Ok(line)) => return Ok(line),
                Ok(Err(error)) => return Err(format!("cannot be read: {error}")),
                Err(RecvTimeoutError::Disconnected) => return Err("has ended unexpectedly".to_owned()),
                Err(RecvTimeoutError::Timeout) if interrupt::asked() => return Err("was interrupted".to_owned()),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

impl Drop for Second {
    /// Ends the process and waits until it has ended.
    fn drop(&mut self) {
        self.stdin.take();
        if interrupt::asked() {
            // It may be in the middle of a long round.
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// How long the first process waits for a line before it looks for an interrupt.
const PATIENCE: Duration = Duration::from_millis(50);

/// Reads lines on a thread of its own, which ends with the process that writes them. A read cannot be interrupted.
fn lines_of(stdout: ChildStdout) -> io::Result<Receiver<io::Result<String>>> {
    let (sender, lines) = mpsc::channel();
    let read = move || {
        for line in BufReader::new(stdout).lines() {
            if sender.send(line).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new().spawn(read)?;
    Ok(lines)
}

/// Replies to the requests of the first process until stdin is closed.
pub(super) fn response<R: Rules, S: Store>(
    scenarios: &Pairs<'_>,
    settings: Settings,
    engine: &(impl Fn() -> (R, S) + Sync),
) -> Exit {
    data(&format!("{}\n", greeting(scenarios)));
    let (mut simulations, mut taken): (truecount_gate::Simulations, Vec<Taken>) = (Vec::new(), Vec::new());
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let lines: Vec<String> = match line.split_once(' ').map(|(word, number)| (word, number.parse::<u64>())) {
            Some(("round", Ok(round))) => {
                simulations = truecount_gate::round_of(scenarios, settings, round);
                taken = truecount_gate::once(scenarios, &simulations, settings.jobs, Interrupt::NEVER, engine);
                let mark = |taken: &Taken| {
                    let Mark { verdict, hash, events, digest } = taken.mark;
                    format!("{verdict:x} {hash:x} {events:x} {digest:x}")
                };
                taken.iter().map(mark).collect()
            }
            Some(("narrate", Ok(number))) => {
                let number = usize::try_from(number).unwrap_or(usize::MAX);
                let Some(((place, _), taken)) = simulations.get(number).zip(taken.get(number)) else {
                    return Exit::Defect;
                };
                let (scenario, reference) = scenarios[*place];
                // A name may contain any character, but the reply for an event must stay on one line.
                let plain = |text: &str| text.replace(['\n', '\t', '\r'], " ");
                let line = |event: &EventWords| match &event.sentence {
                    Some(sentence) => format!("{:x}\t{}\t{}", event.digest, plain(&event.raw), plain(sentence)),
                    None => format!("{:x}\t{}", event.digest, plain(&event.raw)),
                };
                taken.narrated(scenario, reference).iter().map(line).collect()
            }
            _ => return Exit::Defect,
        };
        let ended = lines.iter().map(String::as_str).chain([END]);
        data(&ended.flat_map(|line| [line, "\n"]).collect::<String>());
    }
    Exit::Held
}

/// Returns the first line that the second process prints. It contains a digest of the scenarios.
fn greeting(scenarios: &Pairs<'_>) -> String {
    let all: String = scenarios.iter().map(|(scenario, _)| scenario.sha256()).collect();
    format!("truecount-audit/1 {}", sha256(all.as_bytes()))
}

fn mark(line: &str) -> Option<Mark> {
    let mut words = line.split(' ').map(|word| u64::from_str_radix(word, 16).ok());
    let mut next = || words.next().flatten();
    Some(Mark { verdict: next()?, hash: next()?, events: next()?, digest: next()? })
}

fn event(line: &str) -> EventWords {
    let mut parts = line.splitn(3, '\t');
    let mut next = || parts.next().unwrap_or_default();
    let (digest, raw) = (u64::from_str_radix(next(), 16).unwrap_or_default(), next().to_owned());
    EventWords { digest, raw, sentence: parts.next().map(str::to_owned) }
}
