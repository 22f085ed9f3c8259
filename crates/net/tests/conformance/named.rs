//! Names that somebody gave, and that a peer may announce without end.

use openline_net::WsBearer;

use super::doors::House;

/// OL-449: ever new names, as a peer may announce them; one that is named again and again stays.
#[test]
fn ten_thousand_names_take_the_room_of_a_few_hundred() {
    let [near, far] = House::pair();
    let ws = WsBearer::bind("127.0.0.1:0".parse().unwrap(), near.clone(), None).unwrap();
    let name = |name: &str| ws.path_to((name, 443), Vec::new(), far.node());
    let (kept, first) = (name("kept.example"), name("first.example"));
    let mut last = first;
    for n in 0..10_000 {
        last = name(&format!("{n}.example"));
        assert_eq!(name("kept.example"), kept);
    }
    assert_eq!((ws.url_of(first), ws.is_configured(first)), (None, false));
    assert_eq!(ws.url_of(last).as_deref(), Some("wss://9999.example:443"));
    let there = (0..last).filter(|path| ws.is_configured(*path));
    assert!(there.count() <= openline_net::KEPT_PATHS);
    // Another peer at the same place is another way.
    assert_ne!(
        ws.path_to(("kept.example", 443), Vec::new(), near.node()),
        kept
    );
}
