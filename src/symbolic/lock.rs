//! The advisory lock between processes: unlicensed, Symbolica aborts the second process of a machine that uses it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long to wait for another process before saying so.
const PATIENCE: Duration = Duration::from_secs(1);
/// Pause between two attempts while still silent.
const PAUSE: Duration = Duration::from_millis(10);
/// The name of the lock file; one per machine, whoever runs foliate.
pub(super) const FILE_NAME: &str = "foliate-symbolica.lock";

/// Waits for the exclusive lock on `path` and gives the file that holds it: the lock lasts as long as the file is open.
/// `announce` is called once if that takes longer than [`PATIENCE`].
///
/// Errors: those of opening and locking the file.
/// Panics: never.
pub(super) fn acquire(path: &Path, announce: impl FnOnce()) -> io::Result<File> {
    let file = open(path)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => sleep(PAUSE),
            Err(TryLockError::WouldBlock) => break,
        }
    }
    announce();
    file.lock()?;
    Ok(file)
}

/// Opens the lock file, making it if needed. One that another user made may be read-only for us: that is enough.
fn open(path: &Path) -> io::Result<File> {
    let made = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path);
    match made {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => File::open(path),
        other => other,
    }
}
