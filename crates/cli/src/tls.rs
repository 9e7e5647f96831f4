//! `tomomori tls`: a local certificate authority for a hospital that has none.

use crate::config::Config;
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

/// Ten years: the authority is installed on every PC by hand.
const AUTHORITY_DAYS: u64 = 3_650;
/// Browsers refuse longer ones (Apple and CA/Browser Forum: 398 days).
const SERVER_DAYS: u64 = 397;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a local authority (once) and a server certificate, and say how to use them.
    Init {
        /// Names and addresses browsers will use, e.g. tomomori.hospital.local 10.20.1.10
        #[arg(required = true)]
        names: Vec<String>,
    },
}

pub(crate) fn run(config: &Config, command: &Command) -> Result<ExitCode> {
    let Command::Init { names } = command;
    let folder = config.data.join("tls");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let [authority_key, authority_file, key_file, certificate_file] =
        ["authority.key", "authority.pem", "server.key", "server.pem"].map(|name| folder.join(name));
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name.push(DnType::CommonName, "Tomomori local authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid_for(&mut params, AUTHORITY_DAYS);
    let issuer_key = if authority_key.exists() {
        let pem = std::fs::read_to_string(&authority_key)?;
        KeyPair::from_pem(&pem).with_context(|| format!("{} is not a key", authority_key.display()))?
    } else {
        let key = KeyPair::generate()?;
        write_secret(&authority_key, &key.serialize_pem())?;
        std::fs::write(&authority_file, params.self_signed(&key)?.pem())?;
        key
    };
    if !authority_file.exists() {
        bail!("{} is missing beside its key: move the key away and run this again", authority_file.display());
    }
    let issuer = Issuer::new(params, issuer_key);
    let mut server = CertificateParams::new(names.clone()).context("a name is neither a host name nor an address")?;
    server.distinguished_name.push(DnType::CommonName, names[0].clone());
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    valid_for(&mut server, SERVER_DAYS);
    let key = KeyPair::generate()?;
    let certificate = server.signed_by(&key, &issuer)?;
    write_secret(&key_file, &key.serialize_pem())?;
    std::fs::write(&certificate_file, certificate.pem())?;
    println!("server certificate for {} ({SERVER_DAYS} days):", names.join(", "));
    println!("  [server]\n  certificate = {certificate_file:?}\n  key = {key_file:?}");
    println!("install this authority on every PC: {}", authority_file.display());
    println!("keep this key off the network:      {}", authority_key.display());
    Ok(ExitCode::SUCCESS)
}

fn valid_for(params: &mut CertificateParams, days: u64) {
    let now = SystemTime::now();
    // A day back: clocks of hospital PCs are often behind.
    params.not_before = (now - Duration::from_secs(86_400)).into();
    params.not_after = (now + Duration::from_secs(days * 86_400)).into();
}

/// Readable by the owner only, where the system knows modes.
pub(crate) fn write_secret(path: &Path, text: &str) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("cannot write {}", path.display()))?;
    std::io::Write::write_all(&mut file, text.as_bytes())?;
    Ok(file.sync_all()?)
}
