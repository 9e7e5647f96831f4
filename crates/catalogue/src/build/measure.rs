//! Processor time and memory of this process, where the system tells (Linux); elsewhere unknown.

use std::time::{Duration, Instant};

/// What something cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usage {
    /// Wall-clock time.
    pub wall: Duration,
    /// Processor time, user and system, all living threads; `None` where the system does not tell.
    pub processor: Option<Duration>,
    /// Highest resident memory of the process so far, bytes; `None` where the system does not tell.
    pub peak_memory: Option<u64>,
}

/// The moment something began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Started {
    wall: Instant,
    processor: Option<Duration>,
}

impl Started {
    pub(crate) fn now() -> Self {
        Self { wall: Instant::now(), processor: processor() }
    }

    pub(crate) fn usage(self) -> Usage {
        Usage {
            wall: self.wall.elapsed(),
            processor: processor().zip(self.processor).and_then(|(now, then)| now.checked_sub(then)),
            peak_memory: peak_memory(),
        }
    }
}

/// Runs something and says what it cost.
pub fn usage<T>(work: impl FnOnce() -> T) -> (T, Usage) {
    let started = Started::now();
    let result = work();
    (result, started.usage())
}

/// Nanoseconds on the processor, summed over the threads alive.
fn processor() -> Option<Duration> {
    let mut total = 0_u64;
    for task in std::fs::read_dir("/proc/self/task").ok()? {
        let schedule = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        total += schedule.split_whitespace().next()?.parse::<u64>().ok()?;
    }
    Some(Duration::from_nanos(total))
}

/// Highest resident memory of this process so far, bytes.
#[must_use]
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
