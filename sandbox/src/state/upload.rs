//! Sample files for the headers of templates: uploads that can be resumed, and their handles.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{
    draw::{Draws, Of},
    journal::Fact,
    world::World,
};

/// One upload. The bytes are counted and forgotten: the handle is all that is needed of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Upload {
    /// `upload:…`
    pub id: String,
    /// The app that began it.
    pub secret: String,
    pub file_type: String,
    pub file_length: u64,
    /// Bytes received so far.
    pub received: u64,
}

impl Upload {
    /// What names the file in a template, once it is complete.
    pub(crate) fn handle(&self) -> Option<String> {
        let id = self.id.strip_prefix("upload:")?;
        let kind = URL_SAFE_NO_PAD.encode(&self.file_type);
        (self.received == self.file_length).then(|| format!("4::{kind}:{id}"))
    }

    /// Whether it can be the sample of a header of this kind: `image`, `video` or `document`.
    pub(crate) fn suits(&self, kind: &str) -> bool {
        match kind {
            "document" => self.file_type == "application/pdf",
            kind => self.file_type.split('/').next() == Some(kind),
        }
    }
}

impl World {
    /// Begins an upload and gives its id.
    pub(crate) fn begin_upload(&mut self, secret: &str, file_type: &str, length: u64) -> String {
        let nth = u32::try_from(self.uploads.len()).unwrap_or(u32::MAX);
        let number = Draws::new(self.seed, secret, nth).number(Of::Upload);
        let name = format!("{nth}.{number:016x}");
        let id = format!("upload:{}", URL_SAFE_NO_PAD.encode(name));
        self.record(Fact::Upload(Upload {
            id: id.clone(),
            secret: secret.to_owned(),
            file_type: file_type.to_owned(),
            file_length: length,
            received: 0,
        }));
        id
    }

    pub(super) fn put_upload(&mut self, upload: Upload) {
        match self.uploads.iter_mut().find(|known| known.id == upload.id) {
            Some(known) => *known = upload,
            None => self.uploads.push(upload),
        }
    }

    /// The upload with this id, when this app began it.
    pub(crate) fn upload(&self, id: &str, secret: &str) -> Option<&Upload> {
        self.uploads.iter().find(|upload| upload.id == id && upload.secret == secret)
    }

    /// The complete upload with this handle, when this app made it.
    pub(crate) fn sample(&self, handle: &str, secret: &str) -> Option<&Upload> {
        let mut mine = self.uploads.iter().filter(|upload| upload.secret == secret);
        mine.find(|upload| upload.handle().as_deref() == Some(handle))
    }
}
