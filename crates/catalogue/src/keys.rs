//! Ed25519 keys of catalogues: one line of hex in a file that lives outside database and backup.

use crate::error::CatalogueError;
use ed25519_dalek::{SigningKey, VerifyingKey};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Makes a new signing key file; on Unix readable by its owner only. Refuses to overwrite a file.
///
/// # Errors
/// The file exists or cannot be written.
pub fn generate_key_file(path: &Path) -> Result<SigningKey, CatalogueError> {
    let key = SigningKey::from_bytes(&rand::random());
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(CatalogueError::io(path))?;
    writeln!(file, "{}", hex::encode(key.to_bytes())).map_err(CatalogueError::io(path))?;
    file.sync_all().map_err(CatalogueError::io(path))?;
    Ok(key)
}

/// Reads a signing key made by [`generate_key_file`].
///
/// # Errors
/// The file cannot be read or holds no key.
pub fn read_signing_key(path: &Path) -> Result<SigningKey, CatalogueError> {
    Ok(SigningKey::from_bytes(&read_hex(path)?))
}

/// Reads a public key: one line with 64 hex digits.
///
/// # Errors
/// The file cannot be read or holds no key.
pub fn read_public_key(path: &Path) -> Result<VerifyingKey, CatalogueError> {
    VerifyingKey::from_bytes(&read_hex(path)?).map_err(|_| CatalogueError::BadKey { path: path.to_owned() })
}

fn read_hex(path: &Path) -> Result<[u8; 32], CatalogueError> {
    let text = fs::read_to_string(path).map_err(CatalogueError::io(path))?;
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key).map_err(|_| CatalogueError::BadKey { path: path.to_owned() })?;
    Ok(key)
}
