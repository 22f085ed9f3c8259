//! An address that is told of alarms: the same JSON as a program gets, in a POST over plain HTTP. It is meant for this machine or a
//! network of our own: whoever is on the way reads it.

use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode, Uri, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime;

use super::alarm_hooks::{Call, PATIENCE};
use super::trouble::Trouble;

/// The address.
#[derive(Debug)]
pub struct Post {
    text: String,
    host: String,
    port: u16,
    path: String,
}

impl Post {
    /// `http://host:port/path`. A name and a password in it would stand in the process list, so there are none.
    pub fn to(address: &str) -> Result<Self, Trouble> {
        let unusable = || Trouble::new("alarm-address").with("address", address);
        let uri: Uri = address.parse().map_err(|_| unusable())?;
        let authority = uri.authority().ok_or_else(unusable)?;
        if uri.scheme_str() != Some("http") || authority.as_str().contains('@') {
            return Err(unusable());
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            text: address.to_owned(),
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            port: authority.port_u16().unwrap_or(80),
            path: path.to_owned(),
        })
    }

    /// The address as it was given.
    pub fn name(&self) -> String {
        self.text.clone()
    }

    /// Posts, and waits for the answer.
    pub fn call(&self, call: &Call) -> Result<(), Trouble> {
        let not_posted = |why: String| {
            self.named(Trouble::new("alarm-not-posted"))
                .with("why", why)
        };
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| not_posted(error.to_string()))?;
        let posting = async { tokio::time::timeout(PATIENCE, self.exchange(call)).await };
        let answered = runtime.block_on(posting);
        // A look-up of the address may still wait for its answer, and we don't.
        runtime.shutdown_timeout(Duration::ZERO);
        match answered {
            Ok(Ok(status)) if status.is_success() => Ok(()),
            Ok(Ok(status)) => {
                let refused = self.named(Trouble::new("alarm-post-refused"));
                Err(refused.with("status", status.as_u16()))
            }
            Ok(Err(why)) => Err(not_posted(why)),
            Err(_) => {
                let late = self.named(Trouble::new("alarm-post-late"));
                Err(late.with("seconds", PATIENCE.as_secs()))
            }
        }
    }

    async fn exchange(&self, call: &Call) -> Result<StatusCode, String> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await;
        let stream = TokioIo::new(stream.map_err(|error| error.to_string())?);
        let request = Request::post(&self.path)
            .header(header::HOST, format!("{}:{}", self.host, self.port))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONNECTION, "close")
            .body(Full::new(Bytes::copy_from_slice(&call.json)))
            .map_err(|error| error.to_string())?;
        let (mut sender, connection) = http1::handshake(stream)
            .await
            .map_err(|error| error.to_string())?;
        tokio::spawn(connection);
        let answer = sender.send_request(request).await;
        answer
            .map(|answer| answer.status())
            .map_err(|error| error.to_string())
    }

    fn named(&self, trouble: Trouble) -> Trouble {
        trouble.with("address", &self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_without_a_password_is_posted_to() {
        let post = Post::to("http://[::1]:8080/lamps?room=2").expect("an address");
        let parts = (post.host.as_str(), post.port, post.path.as_str());
        assert_eq!(parts, ("::1", 8080, "/lamps?room=2"));
        assert_eq!(Post::to("http://lamps").expect("an address").port, 80);
        for wrong in [
            "https://lamps/",
            "http://duty:secret@lamps/",
            "lamps:80",
            "/lamps",
            "",
        ] {
            let refused = Post::to(wrong).expect_err("no such address");
            assert_eq!(refused.code, "alarm-address", "{wrong}");
        }
    }
}
