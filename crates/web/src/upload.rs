//! Files of a posted form. The form's token stands before the files and is checked before any of them is read.

use crate::failure::Failure;
use crate::session::Person;
use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::http::StatusCode;
use tomomori_domain::Msg;

/// A multipart form as a handler takes it: what is wrong with it is said by [`files`], after the handler looked at the address.
pub(crate) type Form = Result<Multipart, MultipartRejection>;

/// Name and bytes of every file of the form.
pub(crate) async fn files(person: &Person, form: Form) -> Result<Vec<(String, Bytes)>, Failure> {
    let mut form = form.map_err(|_| Failure::bad_request())?;
    let (mut trusted, mut files) = (false, Vec::new());
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() == Some("csrf") {
            person.check_token(&field.text().await.map_err(unreadable)?)?;
            trusted = true;
        } else if !trusted {
            return Err(Failure::forged());
        } else if field.name() == Some("files") && field.file_name().is_some_and(|name| !name.is_empty()) {
            let name = field.file_name().unwrap_or_default().to_owned();
            files.push((name, field.bytes().await.map_err(unreadable)?));
        }
    }
    if trusted { Ok(files) } else { Err(Failure::forged()) }
}

/// The last file of the form, if there is one.
pub(crate) async fn file(person: &Person, form: Form) -> Result<Option<(String, Bytes)>, Failure> {
    Ok(files(person, form).await?.pop())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
pub(crate) fn unreadable(error: MultipartError) -> Failure {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, Msg::new("error-too-large"))
    } else {
        tracing::info!(error = error.body_text(), "upload broke off");
        Failure::bad_request()
    }
}
