//! Reads phrases word by word, and finds the most helpful message if no phrase matches.
//!
//! This module depends neither on the set of phrases nor on whether a decision can occur in a simulation.

use super::token::{Token, tokens};
use super::{Mistake, Setting};
use truecount_json::{choice, nearest, quoted};

/// The maximum number of names that are listed as valid.
const LISTED: usize = 16;

/// The maximum number of names that an unknown name is compared with.
const SEARCHED: usize = 2_000;

/// A reader of one line.
pub(super) struct Reader<'s, 'l> {
    pub(super) setting: &'s Setting<'s>,
    tokens: Vec<Token<'l>>,
    end: usize,
    /// The index of the next word.
    pub(super) at: usize,
    /// The index at which the current phrase begins.
    began: usize,
    /// Whether the first words of the current phrase match.
    begun: bool,
    /// The furthest index up to which the current phrase matches.
    reached: usize,
    /// The mistake for an unknown name in the current phrase. The name is read as if it were known.
    flaw: Option<Mistake>,
    /// Whether messages are left empty. Most phrases do not match, and composing a message takes time.
    silent: bool,
}

/// A function that reads one phrase.
type Phrase<R, T> = fn(&mut R) -> Result<T, Mistake>;

/// A phrase that does not match.
struct Misfit {
    /// The index up to which the phrase matches, and whether its first words match.
    rank: (usize, bool),
    mistake: Mistake,
    /// The texts that this phrase expects, and those expected by phrases that match equally far.
    expected: Vec<String>,
}

impl<'s, 'l> Reader<'s, 'l> {
    /// Reads a whole line.
    pub(super) fn whole<T>(
        setting: &'s Setting<'s>,
        line: &'l str,
        read: impl Fn(&mut Self) -> Result<T, Mistake>,
    ) -> Result<T, Mistake> {
        let mut reader = Self {
            setting,
            tokens: tokens(line),
            end: line.len(),
            at: 0,
            began: 0,
            begun: false,
            reached: 0,
            flaw: None,
            silent: true,
        };
        let mut attempt = |silent| {
            (reader.at, reader.flaw, reader.silent) = (0, None, silent);
            let value = read(&mut reader).and_then(|value| match reader.peek(0) {
                "" => Ok(value),
                more => Err(reader.mistake(format!("unexpected {}", quoted(more)), "the end of the line")),
            });
            reader.flaw.take().map_or(value, Err)
        };
        attempt(true).or_else(|_| attempt(false))
    }

    /// Reads the matching phrase with the most words. If no phrase matches, a phrase with an unknown name is accepted,
    /// unless the first words of another phrase match. If no phrase is accepted, the phrase that matches furthest
    /// determines the message.
    pub(super) fn any<T>(&mut self, phrases: &[Phrase<Self, T>], otherwise: &str) -> Result<T, Mistake> {
        let start = self.at;
        let outer = (self.began, self.begun, self.flaw.take());
        let mut good: Option<(T, usize)> = None;
        let mut flawed: Option<(T, usize, Mistake)> = None;
        let mut misfit: Option<Misfit> = None;
        let (mut begun, mut furthest) = (false, self.reached);
        for phrase in phrases {
            (self.at, self.began, self.begun, self.reached) = (start, start, false, start);
            let value = phrase(self);
            furthest = furthest.max(self.reached);
            match (value, self.flaw.take()) {
                (Ok(value), None) if good.as_ref().is_none_or(|(_, end)| self.at > *end) => {
                    good = Some((value, self.at));
                }
                (Ok(value), Some(mistake)) if flawed.as_ref().is_none_or(|(_, end, _)| self.at > *end) => {
                    flawed = Some((value, self.at, mistake));
                }
                (Ok(_), _) => {}
                (Err(mistake), flaw) => {
                    begun |= self.begun;
                    let mistake = flaw.unwrap_or(mistake);
                    misfit = Some(Misfit::further(misfit, (self.reached, self.begun), mistake));
                }
            }
        }
        (self.began, self.begun, self.flaw) = outer;
        self.reached = furthest;
        if let Some((value, end)) = good {
            self.at = end;
            return Ok(value);
        }
        if let Some((value, end, mistake)) = flawed.filter(|_| !begun) {
            self.at = end;
            self.flaw.get_or_insert(mistake);
            return Ok(value);
        }
        self.at = start;
        // A lone article does not show which phrase was meant.
        let least = start + usize::from(self.peek(0) == "the");
        match misfit.filter(|misfit| misfit.rank.0 > least) {
            Some(misfit) => Err(misfit.into_mistake()),
            None => Err(self.misfit(otherwise)),
        }
    }

    /// Returns the word that is `further` words ahead, or an empty text beyond the last word.
    pub(super) fn peek(&self, further: usize) -> &'l str {
        self.tokens.get(self.at + further).map_or("", |token| token.text)
    }

    /// Moves past a matching word.
    pub(super) fn pass(&mut self) {
        self.at += 1;
        self.reached = self.reached.max(self.at);
    }

    /// Consumes these words. A word that does not match is a mistake.
    pub(super) fn words(&mut self, words: &str) -> Result<(), Mistake> {
        let first = self.at == self.began;
        for word in tokens(words) {
            if self.peek(0) != word.text {
                return Err(self.misfit(&quoted(words[word.range.start..].trim_end())));
            }
            self.pass();
        }
        self.begun |= first;
        Ok(())
    }

    /// Consumes these words if all of them match, and returns whether they do.
    pub(super) fn takes(&mut self, words: &str) -> bool {
        let words = tokens(words);
        let fits = words.iter().enumerate().all(|(place, word)| self.peek(place) == word.text);
        if fits {
            for _ in words {
                self.pass();
            }
        }
        fits
    }

    /// Returns a mistake at the next word.
    pub(super) fn mistake(&self, message: impl Into<String>, expected: impl Into<String>) -> Mistake {
        let range = self.tokens.get(self.at).map_or(self.end..self.end, |token| token.range.clone());
        Mistake { range, message: message.into(), expected: expected.into(), help: None }
    }

    /// Returns the mistake for a word that is not valid at its position.
    pub(super) fn misfit(&self, expected: &str) -> Mistake {
        match self.peek(0) {
            _ if self.silent => self.mistake("", ""),
            "" => self.mistake("the line ends too soon", expected),
            word => self.mistake(format!("{} is not valid here", quoted(word)), expected),
        }
    }

    /// Returns the mistake for an unknown name.
    pub(super) fn unknown<'k>(&self, noun: &str, known: impl Iterator<Item = &'k str>) -> Mistake {
        if self.silent {
            return self.mistake("", "");
        }
        let (word, known) = (self.peek(0), known.take(SEARCHED).collect::<Vec<_>>());
        let expected = if known.len() <= LISTED { choice(&known) } else { format!("a known {noun} of this scenario") };
        let help = nearest(word, &known).map(|near| format!("did you mean {}?", quoted(near)));
        Mistake { help, ..self.mistake(format!("unknown {noun} {}", quoted(word)), expected) }
    }

    /// Consumes a name. An unknown name is read as `otherwise`. If the rest of the phrase matches, the word was
    /// probably meant as a name.
    pub(super) fn known<'k, T>(
        &mut self,
        noun: &str,
        found: Option<T>,
        otherwise: T,
        names: impl Iterator<Item = &'k str>,
    ) -> Result<T, Mistake> {
        let word = self.peek(0);
        if word.is_empty() || word.contains([':', ',', '(', ')']) {
            return Err(self.misfit(&format!("the name of the {noun}")));
        }
        if let Some(found) = found {
            self.pass();
            return Ok(found);
        }
        if self.flaw.is_none() {
            self.flaw = Some(self.unknown(noun, names));
        }
        self.at += 1;
        Ok(otherwise)
    }

    /// Consumes a number from `first` to `most`, and returns its distance from `first`.
    pub(super) fn number(&mut self, first: u64, most: u64, what: &str) -> Result<u64, Mistake> {
        let expected = || format!("{what} from {first} to {most}");
        let word = self.peek(0);
        if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.misfit(&expected()));
        }
        let number = word.parse().ok().filter(|number| (first..=most).contains(number));
        let number = number.ok_or_else(|| self.mistake(format!("{} is out of range", quoted(word)), expected()))?;
        self.pass();
        Ok(number - first)
    }
}

impl Misfit {
    /// Returns the misfit that matches further. If both match equally far with the same message, the result lists the
    /// texts that either expects.
    fn further(other: Option<Self>, rank: (usize, bool), mistake: Mistake) -> Self {
        match other {
            Some(other) if other.rank > rank => other,
            Some(mut other) if other.rank == rank => {
                let same = (&other.mistake.range, &other.mistake.message) == (&mistake.range, &mistake.message);
                if same && !other.expected.contains(&mistake.expected) {
                    other.expected.push(mistake.expected);
                }
                other
            }
            _ => Self { rank, expected: vec![mistake.expected.clone()], mistake },
        }
    }

    fn into_mistake(self) -> Mistake {
        let expected = match &self.expected[..] {
            [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
            _ => return self.mistake,
        };
        Mistake { expected, ..self.mistake }
    }
}
