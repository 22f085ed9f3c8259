//! The control API does what its document says, and its document says all that it does.

use std::collections::BTreeSet;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use jsonschema::Validator;
use openline::client::socket_address;
use serde_json::{Value, json};
use tokio::net::UnixStream;

use crate::pair::{PATIENCE, Pair, Side, message};

/// The document, as it is served.
struct Document(Value);

impl Document {
    async fn served_by(side: &Side) -> Self {
        let (status, body) = call(side, "GET", "/v1/openapi.json", "").await;
        assert_eq!(status, StatusCode::OK);
        Self(serde_json::from_str(&body).unwrap())
    }

    fn paths(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0["paths"].as_object().unwrap().iter()
    }

    fn validator(&self, schema: &Value) -> Validator {
        let mut whole = schema.clone();
        whole["components"] = self.0["components"].clone();
        jsonschema::validator_for(&whole).unwrap()
    }

    /// The schema of what an operation answers.
    fn answer(&self, method: &str, path: &str) -> Validator {
        let content = &self.0["paths"][path][method]["responses"]["200"]["content"];
        let (_, media) = content.as_object().unwrap().iter().next().unwrap();
        self.validator(&media["schema"])
    }

    fn check(&self, method: &str, path: &str, answer: &str) {
        let answer: Value = serde_json::from_str(answer).unwrap();
        let validator = self.answer(method, path);
        let wrong: Vec<_> = validator
            .iter_errors(&answer)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{method} {path}: {wrong:?} in {answer:#}");
    }
}

async fn open(
    side: &Side,
    method: &str,
    path: &str,
    body: &str,
) -> hyper::Response<hyper::body::Incoming> {
    let (socket, _folder) = socket_address(&side.home).unwrap();
    let stream = UnixStream::connect(socket).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "openline")
        .header("x-openline-actor", "Lt.%20Orlova")
        .body(Full::new(Bytes::from(body.to_owned())))
        .unwrap();
    sender.send_request(request).await.unwrap()
}

/// One call, and the whole answer.
async fn call(side: &Side, method: &str, path: &str, body: &str) -> (StatusCode, String) {
    let response = open(side, method, path, body).await;
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// The data of the first event of a stream.
async fn first_event(side: &Side, path: &str) -> String {
    let mut body = open(side, "GET", path, "").await.into_body();
    let mut text = String::new();
    let reading = async {
        loop {
            let frame = body.frame().await.unwrap().unwrap();
            text += std::str::from_utf8(frame.data_ref().unwrap()).unwrap();
            let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
            if let Some(data) = whole.lines().find_map(|line| line.strip_prefix("data: ")) {
                return data.to_owned();
            }
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap()
}

#[tokio::test]
async fn every_path_is_documented_and_every_documented_one_is_served() {
    let mut pair = Pair::open();
    pair.washington.start();
    let document = Document::served_by(&pair.washington).await;
    let documented: BTreeSet<_> = document.paths().map(|(path, _)| path.as_str()).collect();
    let served: BTreeSet<_> = openline::api::paths().into_iter().collect();
    assert_eq!(documented, served);
    for (path, methods) in document.paths() {
        let concrete = path.replace("{line}", "-").replace("{entry}", "M-1");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let response = open(&pair.washington, method, &concrete, "{}").await;
            let is_served = response.status() != StatusCode::METHOD_NOT_ALLOWED;
            let is_documented = methods.get(method.to_lowercase()).is_some();
            assert_eq!(is_served, is_documented, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn what_a_station_answers_is_what_its_document_says() {
    let pair = Pair::running().await;
    let (washington, moscow) = (&pair.washington, &pair.moscow);
    let document = Document::served_by(washington).await;
    let sent = washington
        .client()
        .say("-", &message("Stand by.", "flash"))
        .await
        .unwrap();
    let short = sent.short.unwrap();
    arrives(moscow, sent.entry.as_deref().unwrap()).await;

    let text = json!({"text": "And now?", "reply_to": short, "idempotency_key": "k"}).to_string();
    let receipt = json!({"stage": "read", "entries": [sent.entry]}).to_string();
    let silence = json!({"for_ms": 60_000, "reason": "maintenance"}).to_string();
    let calls = [
        (washington, "get", "/v1/status", ""),
        (washington, "get", "/v1/lines", ""),
        (washington, "post", "/v1/lines/reload", ""),
        (
            washington,
            "post",
            "/v1/lines/{line}/messages",
            text.as_str(),
        ),
        (
            moscow,
            "post",
            "/v1/lines/{line}/receipts",
            receipt.as_str(),
        ),
        (moscow, "post", "/v1/lines/{line}/silence", silence.as_str()),
        (moscow, "post", "/v1/lines/{line}/keys", ""),
        (washington, "get", "/v1/lines/{line}/entries", ""),
        (washington, "get", "/v1/lines/{line}/entries/{entry}", ""),
        (washington, "get", "/v1/lines/{line}/tests", ""),
        (washington, "get", "/v1/evidence", ""),
    ];
    for (side, method, path, body) in calls {
        let concrete = path.replace("{line}", "-").replace("{entry}", &short);
        let (status, answer) = call(side, &method.to_uppercase(), &concrete, body).await;
        assert_eq!(status, StatusCode::OK, "{method} {path}: {answer}");
        document.check(method, path, &answer);
    }
    let status = first_event(washington, "/v1/status/events").await;
    document.check("get", "/v1/status/events", &status);
    let entry = first_event(washington, "/v1/lines/-/entries/events?from=0").await;
    document.check("get", "/v1/lines/{line}/entries/events", &entry);

    answers_to_a_stream(&document, washington, &text).await;
}

async fn arrives(side: &Side, entry: &str) {
    let arrived = async {
        while side.client().entry("-", entry).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, arrived).await.unwrap();
}

async fn answers_to_a_stream(document: &Document, washington: &Side, text: &str) {
    let texts = format!("{text}\n{{\"text\": \"\"}}\n");
    let path = "/v1/lines/-/messages/stream?until=stored";
    let (_, events) = call(washington, "POST", path, &texts).await;
    let kinds: BTreeSet<_> = events
        .lines()
        .map(|event| {
            document.check("post", "/v1/lines/{line}/messages/stream", event);
            serde_json::from_str::<Value>(event).unwrap()["event"].to_string()
        })
        .collect();
    let expected = ["\"refused\"", "\"stored\"", "\"stored-here\""];
    assert!(kinds.iter().map(String::as_str).eq(expected), "{kinds:?}");
}

#[tokio::test]
async fn a_call_that_is_wrong_is_answered_with_a_stable_word_and_two_sentences() {
    let mut pair = Pair::open();
    pair.washington.start();
    let side = &pair.washington;
    let document = Document::served_by(side).await;
    let problem = document.validator(&json!({"$ref": "#/components/schemas/Problem"}));
    let long = format!("{{\"text\": \"{}\"}}", "a".repeat(300_000));
    for (method, path, body, status, code) in wrong_calls(&long) {
        let (got, answer) = call(side, method, path, body).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(
            (got.as_u16(), answer["error"].as_str()),
            (status, Some(code)),
            "{path}"
        );
        assert!(problem.is_valid(&answer), "{answer}");
        assert!(
            !answer["what"].as_str().unwrap().contains("0:0"),
            "{answer}"
        );
    }
}

/// A text under a key that another text has used is not acknowledged; it would never have been stored.
#[tokio::test]
async fn two_texts_under_one_key_are_not_both_acknowledged() {
    let mut pair = Pair::open();
    pair.washington.start();
    let say = async |text: &str| {
        let body = json!({"text": text, "idempotency_key": "k"}).to_string();
        call(&pair.washington, "POST", "/v1/lines/-/messages", &body).await
    };
    let (first, answer) = say("Stop.").await;
    let (again, same) = say("Stop.").await;
    let (other, problem) = say("Go on.").await;
    assert_eq!(
        (first, again, answer),
        (StatusCode::OK, StatusCode::OK, same)
    );
    assert_eq!(other, StatusCode::CONFLICT);
    assert!(problem.contains("idempotency-key-taken"), "{problem}");
}

/// A program that prints what a station answers does not let a text of the other side steer its terminal.
#[tokio::test]
async fn an_answer_has_no_character_that_deceives_a_terminal() {
    let mut pair = Pair::open();
    pair.washington.start();
    let text = "a\u{9b}b\u{202e}c\u{2028}d";
    let (client, text) = (pair.washington.client(), message(text, "routine"));
    let sent = client.say("-", &text).await.unwrap();
    let short = sent.short.unwrap();
    let path = format!("/v1/lines/-/entries/{short}");
    let (_, answer) = call(&pair.washington, "GET", &path, "").await;
    assert!(answer.contains(r"a\u009bb\u202ec\u2028d"), "{answer}");
    let event = first_event(&pair.washington, "/v1/lines/-/entries/events?from=0").await;
    assert!(
        !event.contains(['\u{9b}', '\u{202e}', '\u{2028}']),
        "{event}"
    );
}

/// A line is named by the beginning of its id, too.
#[tokio::test]
async fn a_line_is_found_by_the_first_digits_of_its_id() {
    let mut pair = Pair::open();
    pair.washington.start();
    let (_, lines) = call(&pair.washington, "GET", "/v1/lines", "").await;
    let lines: Value = serde_json::from_str(&lines).unwrap();
    let id = lines[0]["line"].as_str().unwrap();
    for (name, status) in [(id, 200), (&id[..8], 200), (&id[..7], 404)] {
        let (got, _) = call(
            &pair.washington,
            "GET",
            &format!("/v1/lines/{name}/entries"),
            "",
        )
        .await;
        assert_eq!(got.as_u16(), status, "{name}");
    }
}

/// Method, path, body; the status and the word of the answer.
type Wrong<'a> = (&'a str, &'a str, &'a str, u16, &'a str);

fn wrong_calls(long: &str) -> Vec<Wrong<'_>> {
    let mut calls = wrong_readings();
    calls.extend(wrong_writings(long));
    calls
}

fn wrong_readings() -> Vec<Wrong<'static>> {
    vec![
        (
            "GET",
            "/v1/lines/-/entries/events?from=999999",
            "",
            404,
            "no-such-cursor",
        ),
        (
            "GET",
            "/v1/lines/-/entries?from=999999",
            "",
            404,
            "no-such-cursor",
        ),
        (
            "POST",
            "/v1/lines/-/messages",
            "{\"text\": \"a\", \"idempotency_key\": \"\"}",
            400,
            "idempotency-key",
        ),
        ("GET", "/v1/nothing", "", 404, "no-such-path"),
        ("DELETE", "/v1/status", "", 405, "wrong-method"),
        ("GET", "/v1/lines/Paris/entries", "", 404, "no-such-line"),
        ("GET", "/v1/lines/-/entries/M-999", "", 404, "no-such-entry"),
        (
            "GET",
            "/v1/lines/-/entries?limit=0",
            "",
            400,
            "page-of-none",
        ),
        (
            "GET",
            "/v1/lines/-/entries?limit=x",
            "",
            400,
            "not-understood",
        ),
    ]
}

fn wrong_writings(long: &str) -> Vec<Wrong<'_>> {
    vec![
        (
            "POST",
            "/v1/lines/-/messages",
            "{\"text\": 1}",
            400,
            "not-understood",
        ),
        (
            "POST",
            "/v1/lines/-/messages",
            "{\"text\": \" \"}",
            422,
            "text",
        ),
        ("POST", "/v1/lines/-/messages", long, 413, "too-large"),
        (
            "POST",
            "/v1/lines/-/messages",
            "{\"text\": \"a\", \"mark\": \"joke\"}",
            400,
            "unknown-word",
        ),
        (
            "POST",
            "/v1/lines/-/receipts",
            "{\"stage\": \"read\", \"entries\": []}",
            400,
            "receipt-targets",
        ),
        (
            "POST",
            "/v1/lines/-/silence",
            "{\"for_ms\": 1, \"reason\": \"other\"}",
            400,
            "silence-length",
        ),
    ]
}
