import Foundation
import JSON
import Testing

@testable import MoonbaseNode

@Suite struct ContentIDTests {
    /// Published ids: the first from github.com/ipld/codec-fixtures, the second and third as the
    /// JavaScript implementation @ipld/dag-json gives them in its documents.
    static let vectors = [
        (
            """
            {"Data":{"/":{"bytes":"CAE"}},"Links":[{"Hash":{"/":\
            "bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am"},"Name":"hello.txt",\
            "Tsize":6}]}
            """, "baguqeera33s42p2sjw7hz6rsawracsab643ixxch3nx7eovttooneklcim5q"
        ),
        ("{}", "baguqeeraiqjw7i2vwntyuekgvulpp2det2kpwt6cd7tx5ayqybqpmhfk76fa"),
        ("{\"hello\":\"world\"}", "baguqeerasords4njcts6vs7qvdjfcvgnume4hqohf65zsfguprqphs3icwea"),
    ]

    @Test(arguments: vectors)
    func `a published value has its published id`(text: String, id: String) throws {
        #expect(ContentID.text(of: try JSONValue(parsing: text.utf8)) == id)
    }

    @Test func `raw bytes have the id that ipfs gives them`() {
        #expect(
            ContentID.text(of: "hello world".utf8, codec: .raw)
                == "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e")
    }

    @Test func `the order of members and spaces do not matter`() throws {
        let one = try JSONValue(parsing: "{\"b\": 1, \"a\": [ true ]}".utf8)
        let other = try JSONValue(parsing: "{\"a\":[true],\"b\":1}".utf8)
        #expect(ContentID.text(of: one) == ContentID.text(of: other))
        #expect(String(decoding: CanonicalJSON.bytes(of: one), as: UTF8.self) == other.text)
    }

    @Test func `a peer id begins as those of Ed25519 keys do`() {
        #expect(PeerID.text(of: "system").hasPrefix("12D3KooW"))
        #expect(PeerID.text(of: "system") != PeerID.text(of: "other"))
    }
}
