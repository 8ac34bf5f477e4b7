package dev.roomline.sip.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is read without the full grammar is what the full grammar gives, and it is what is usual.
 */
class PlainShapesTest {
    private static final String[] USERS = {
        "",
        "alice@",
        "+15550100@",
        "a.b_c-d@",
        "0@",
        "abc-room-abc@",
        "!~*'@",
        "A%20b@",
        "a;b@",
        "a:b@"
    };
    private static final String[] HOSTS = {
        "192.0.2.7",
        "example.com",
        "Example.COM",
        "a",
        "h-1.example",
        "1a.example",
        "999.1.1.1",
        "a..b",
        "-a.b",
        "a.",
        "[2001:db8::1]",
        "a_b",
        "192.0.2.7.8",
        "a-.b",
        "1.2",
        "10"
    };
    private static final String[] PORTS = {
        "", ":5060", ":1", ":65535", ":0", ":05060", ":65536", ":"
    };
    private static final String[] PARAMETERS = {
        "", ";transport=udp", ";transport=TCP", ";lr", ";ob", ";user=phone", ";ttl=1",
                ";maddr=1.2.3.4",
        ";x=a-b.c_d", ";lr;lr", ";X=1", ";x=", ";", ";method=INVITE", ";x=%41", "?a=b"
    };
    private static final String[] NAMES = {
        "",
        "\"Alice\" ",
        "\"Alice B. Smith\" ",
        "\"+1 555\" ",
        "Alice ",
        "\"\" ",
        "\" A \" ",
        "\"A\\\"B\" ",
        "\"A  B\" ",
        "\"A\"",
        "\"A-B_C\" "
    };
    private static final String[] TAGS = {
        "",
        ";tag=1928301774",
        ";tag=a.b-c_d",
        ";tag=",
        ";tag",
        ";TAG=x",
        ";tag=a;tag=b",
        ";expires=60",
        ";q=0.5",
        ";x;tag=a",
        " ;tag=a",
        ";tag = a",
        ";+sip.instance=\"<urn:x>\""
    };
    private static final String[] VIA_PARAMETERS = {
        ";branch=z9hG4bKnashds8;rport", ";rport;branch=z9hG4bK-1.2_3", ";branch=z9hG4bKx",
                ";branch=",
        ";rport", ";branch=z9hG4bKx;rport=5060", ";branch=z9hG4bKx;received=192.0.2.1", ";BRANCH=x",
        ";branch=a;branch=b", ";branch=z9hG4bKx;alias", "", ";branch=z9hG4bKx ;rport"
    };
    private static final String[] PROTOCOLS = {
        "SIP/2.0/UDP ",
        "SIP/2.0/TCP ",
        "SIP/2.0/TLS ",
        "SIP/2.0/udp ",
        "SIP / 2.0 / UDP ",
        "SIP/3.0/UDP ",
        "SIP/2.0/UDP  ",
        "SIP/2.0/ "
    };

    private final Random random = new Random(20);

    @Test
    void whatIsPlainIsReadAsTheFullGrammarReadsIt() throws SyntaxFault {
        int plain = 0;
        for (int i = 0; i < 30_000; i++) {
            String uri = "sip:" + any(USERS) + any(HOSTS) + any(PORTS) + any(PARAMETERS);
            plain += same(uri, PlainShapes.uri(uri), () -> JainCodec.uri(line(uri), uri));
            String address = any(NAMES) + "<" + uri + ">" + any(TAGS);
            Address read = PlainShapes.address(address);
            plain += same(address, read, () -> JainCodec.from(line(address)));
            same(address, read, () -> JainCodec.to(line(address)));
            same(address, read, () -> JainCodec.contact(line(address)));
            String via = any(PROTOCOLS) + any(HOSTS) + any(PORTS) + any(VIA_PARAMETERS);
            plain += same(via, PlainShapes.via(via), () -> JainCodec.topVia(line(via), false));
        }
        assertThat(plain).isGreaterThan(5_000);
    }

    @Test
    void anyTextIsReadAlikeOrNotAtAll() throws SyntaxFault {
        String letters = "ab1A.-:;=@<>\"% \t+_,?/'[]\\&$";
        List<String> seeds =
                List.of(
                        "\"Al\" <sip:a@b.c:50;x=y>;tag=z",
                        "<sip:b.c>",
                        "SIP/2.0/UDP b.c:50;branch=z9;rport",
                        "sip:a@b.c:50;x=y");
        for (int i = 0; i < 60_000; i++) {
            StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                char c = letters.charAt(random.nextInt(letters.length()));
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, c);
                    case 1 -> text.setCharAt(at, c);
                    default -> text.deleteCharAt(at);
                }
            }
            String it = text.toString();
            same(it, PlainShapes.uri(it), () -> JainCodec.uri(line(it), it));
            same(it, PlainShapes.address(it), () -> JainCodec.from(line(it)));
            same(it, PlainShapes.via(it), () -> JainCodec.topVia(line(it), false));
        }
    }

    @Test
    void whatPhonesAndTrunksSendIsPlain() {
        for (String address :
                List.of(
                        "<sip:phone@127.0.0.1:5061>;tag=4c2",
                        "\"Alice Smith\" <sip:+15550100@sip.example.com>;tag=as6f2e-1",
                        "<sip:alice@192.0.2.9:5062;transport=udp>",
                        "<sip:192.0.2.9:5062;ob>;expires=60")) {
            assertThat(PlainShapes.address(address)).as(address).isNotNull();
        }
        assertThat(PlainShapes.uri("sip:abc-defg-hij@192.0.2.1")).isNotNull();
        assertThat(PlainShapes.via("SIP/2.0/UDP 192.0.2.9:5062;rport;branch=z9hG4bKPj-a.b"))
                .isNotNull();
    }

    private interface Full {
        @Nullable Object read() throws SyntaxFault;
    }

    /** 1 where it is plain. */
    private static int same(String text, @Nullable Object plain, Full full) throws SyntaxFault {
        if (plain == null) {
            return 0;
        }
        try {
            assertThat(plain).as(text).isEqualTo(full.read());
        } catch (SyntaxFault fault) {
            throw new AssertionError("only plain: " + text, fault);
        }
        return 1;
    }

    private static HeaderLine line(String value) {
        return new HeaderLine("from", "From", value, 0);
    }

    private String any(String[] some) {
        return some[random.nextInt(some.length)];
    }
}
