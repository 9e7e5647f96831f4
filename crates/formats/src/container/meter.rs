//! Counts what an untrusted file costs, at each layer of its packing.

use super::{ContainerError, Limits, is_damage};
use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};

/// Small files may inflate well above the ratio before it means anything.
const RATIO_FROM: u64 = 16 << 20;

/// Counters of one walk.
pub(super) struct Meter {
    limits: Limits,
    raw: Cell<u64>,
    inflated: Cell<u64>,
    entries: Cell<u64>,
}

impl Meter {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, raw: Cell::new(0), inflated: Cell::new(0), entries: Cell::new(0) }
    }

    pub(super) fn count_entry(&self, entry: &str) -> Result<(), ContainerError> {
        self.entries.set(self.entries.get() + 1);
        check(entry, "number of entries", self.entries.get(), self.limits.entries)
    }

    fn count_inflated(&self, entry: &str, bytes: u64) -> Result<(), ContainerError> {
        let inflated = self.inflated.get() + bytes;
        self.inflated.set(inflated);
        check(entry, "unpacked bytes in all", inflated, self.limits.total_bytes)?;
        if inflated > RATIO_FROM {
            check(entry, "unpacked bytes per packed byte", inflated / self.raw.get().max(1), self.limits.ratio)?;
        }
        Ok(())
    }
}

fn check(entry: &str, what: &'static str, count: u64, limit: u64) -> Result<(), ContainerError> {
    if count > limit { Err(ContainerError::Limit { entry: entry.to_owned(), what, limit }) } else { Ok(()) }
}

/// The packed bytes as they come from the medium.
pub(super) struct Raw<'m, R> {
    input: R,
    meter: &'m Meter,
}

impl<'m, R> Raw<'m, R> {
    pub(super) fn new(input: R, meter: &'m Meter) -> Self {
        Self { input, meter }
    }
}

impl<R: Read> Read for Raw<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.meter.raw.set(self.meter.raw.get() + read as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for Raw<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.input.seek(to)
    }
}

/// What comes out of an unpacker: counted in all and against the packed bytes.
pub(super) struct Inflated<'m, R> {
    input: R,
    name: &'m str,
    meter: &'m Meter,
}

impl<'m, R> Inflated<'m, R> {
    pub(super) fn new(input: R, name: &'m str, meter: &'m Meter) -> Self {
        Self { input, name, meter }
    }
}

impl<R: Read> Read for Inflated<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer).map_err(|error| self.typed(error))?;
        self.meter.count_inflated(self.name, read as u64).map_err(io::Error::other)?;
        Ok(read)
    }
}

impl<R> Inflated<'_, R> {
    /// Says which file is damaged. An early end keeps its kind: the reader above knows better what is missing.
    fn typed(&self, error: io::Error) -> io::Error {
        let own = error.get_ref().is_some_and(|inner| inner.is::<ContainerError>());
        if own || error.kind() == io::ErrorKind::UnexpectedEof || !is_damage(&error) {
            return error;
        }
        io::Error::other(ContainerError::Damaged { entry: self.name.to_owned(), detail: error.to_string() })
    }
}

/// The content of one entry as handed over.
pub(super) struct Entry<'m, R> {
    input: R,
    name: &'m str,
    meter: &'m Meter,
    bytes: u64,
}

impl<'m, R> Entry<'m, R> {
    pub(super) fn new(input: R, name: &'m str, meter: &'m Meter) -> Self {
        Self { input, name, meter, bytes: 0 }
    }
}

impl<R: Read> Read for Entry<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.bytes += read as u64;
        check(self.name, "bytes of one entry", self.bytes, self.meter.limits.entry_bytes).map_err(io::Error::other)?;
        Ok(read)
    }
}
