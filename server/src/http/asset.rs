//! Hands out the site's files: the script, the wasm, the style and what lies in `public/`.
//!
//! `script/build` packs them into one folder, with a `.br` and a `.gz` beside each file, so nothing is
//! compressed while somebody waits. Files under `/pkg` carry a hash of their content in their name and
//! may be kept for ever; the others are asked for again after an hour.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use app::route::Bundle;
use axum::{Router, extract::Request, middleware, middleware::Next, response::Response};
use http::{HeaderValue, header};
use leptos::config::LeptosOptions;
use tower_http::services::{ServeDir, ServeFile};

/// First part of the style's name under `/pkg`, and of the first bundle's; the build uses the same.
const NAME: &str = Bundle::Matrix.name();
/// Characters of the hash in a file name.
const HASH_LEN: usize = 16;

/// The folder of built files, looked at once, when the server starts.
#[derive(Debug, Clone)]
pub struct Site {
    root: PathBuf,
    /// Where Leptos finds the hashes; absent when the folder was built by `cargo leptos watch`
    /// (plain names) or not at all.
    hashes: Option<PathBuf>,
}

impl Site {
    /// Looks for the site in `root`. A missing folder is no error: pages work without it, unstyled,
    /// and [`Site::is_built`] lets the caller say so.
    pub fn open(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        // Leptos looks beside the executable unless the path is absolute.
        let hashes = root.join("hash.txt").canonicalize().ok();
        Self { root, hashes }
    }

    /// Whether there is anything to hand out.
    pub fn is_built(&self) -> bool {
        self.root.join("pkg").is_dir()
    }

    /// What Leptos must know to name the files in a page.
    pub fn leptos_options(&self, address: SocketAddr) -> LeptosOptions {
        let options = LeptosOptions::builder()
            .output_name(NAME)
            .site_root(self.root.to_string_lossy())
            .site_pkg_dir("pkg")
            .site_addr(address);
        match &self.hashes {
            Some(file) => options.hash_files(true).hash_file(file.to_string_lossy().into()).build(),
            None => options.build(),
        }
    }

    /// `/pkg/*` and one route for each public file.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let pkg = ServeDir::new(self.root.join("pkg")).precompressed_br().precompressed_gzip();
        let mut router = Router::new().nest_service("/pkg", pkg);
        for path in public_files(&self.root) {
            let file =
                ServeFile::new(self.root.join(&path)).precompressed_br().precompressed_gzip();
            router = router.route_service(&format!("/{path}"), file);
        }
        router.layer(middleware::from_fn(keep))
    }
}

/// Says how long a browser may keep what it got. Failures are not kept.
async fn keep(request: Request, next: Next) -> Response {
    let value = if named_by_content(request.uri().path()) {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    let mut response = next.run(request).await;
    if response.status().is_success() {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}

/// `facteur.<hash>.<ending>`, `editor.<hash>.<ending>`
fn named_by_content(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let parts: Vec<&str> = file.split('.').collect();
    let names = [Bundle::Matrix.name(), Bundle::Editor.name()];
    matches!(parts[..], [name, hash, _] if names.contains(&name) && hash.len() == HASH_LEN)
}

/// Paths, relative to the site, of what came from `public/`: everything but the build's own files.
fn public_files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = root.join(&folder).read_dir() else { continue };
        for entry in entries.flatten() {
            let path = folder.join(entry.file_name());
            let Some(text) = path.to_str() else { continue };
            if text == "pkg" || text.ends_with("hash.txt") || text.starts_with('.') {
                continue;
            }
            if entry.path().is_dir() {
                folders.push(path);
            } else if !text.ends_with(".br") && !text.ends_with(".gz") {
                found.push(text.to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::StatusCode;
    use leptos::{
        hydration::{HydrationScripts, HydrationScriptsProps},
        prelude::{Owner, RenderHtml},
    };
    use tower::ServiceExt;

    use super::*;

    fn site() -> (tempfile::TempDir, Site) {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        };
        write("hash.txt", "js: 0123456789abcdef\nwasm: 0123456789abcdef\n");
        write("pkg/facteur.0123456789abcdef.js", "plain");
        write("pkg/facteur.0123456789abcdef.js.br", "packed");
        write("pkg/facteur.0123456789abcdef.wasm", "wasm");
        write("pkg/snippets/a.js", "snippet");
        write("favicon.svg", "<svg/>");
        write("font/a.woff2", "font");
        let site = Site::open(folder.path());
        (folder, site)
    }

    async fn get(site: &Site, path: &str) -> (StatusCode, String, http::HeaderMap) {
        let request = Request::get(path)
            .header(header::ACCEPT_ENCODING, "gzip, br")
            .body(Body::empty())
            .unwrap();
        let response = site.routes::<()>().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        (parts.status, String::from_utf8(body.to_vec()).unwrap(), parts.headers)
    }

    #[tokio::test]
    async fn hashed_files_come_packed_and_may_be_kept() {
        let (_folder, site) = site();
        let (status, body, headers) = get(&site, "/pkg/facteur.0123456789abcdef.js").await;
        assert_eq!((status, body.as_str()), (StatusCode::OK, "packed"));
        assert_eq!(headers[header::CONTENT_ENCODING], "br");
        assert_eq!(headers[header::CONTENT_TYPE], "text/javascript");
        assert!(headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));

        let (_, body, headers) = get(&site, "/pkg/facteur.0123456789abcdef.wasm").await;
        assert_eq!(body, "wasm");
        assert_eq!(headers[header::CONTENT_TYPE], "application/wasm");
    }

    #[tokio::test]
    async fn a_page_names_the_files_that_exist() {
        let (_folder, site) = site();
        let options = site.leptos_options(SocketAddr::from(([127, 0, 0, 1], 0)));
        let props = HydrationScriptsProps::builder().options(options).islands(true).build();
        let html = Owner::new().with(|| HydrationScripts(props).to_html());
        let hrefs: Vec<&str> =
            html.split("href=\"").skip(1).filter_map(|s| s.split('"').next()).collect();
        assert_eq!(hrefs.len(), 2, "{html}");
        for href in hrefs {
            assert_eq!(get(&site, href).await.0, StatusCode::OK, "{href}");
        }
    }

    #[tokio::test]
    async fn other_files_are_asked_for_again() {
        let (_folder, site) = site();
        for path in ["/favicon.svg", "/font/a.woff2", "/pkg/snippets/a.js"] {
            let (status, _, headers) = get(&site, path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=3600", "{path}");
        }
    }

    #[tokio::test]
    async fn what_does_not_exist_is_not_kept() {
        let (_folder, site) = site();
        for path in ["/pkg/facteur.ffffffffffffffff.js", "/hash.txt", "/pkg/../hash.txt"] {
            let (status, _, headers) = get(&site, path).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            assert!(!headers.contains_key(header::CACHE_CONTROL), "{path}");
        }
    }

    #[test]
    fn a_missing_site_is_no_error() {
        let site = Site::open("does/not/exist");
        assert!(!site.is_built());
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        assert!(!site.leptos_options(address).hash_files);
        let _ = site.routes::<()>();
    }
}
