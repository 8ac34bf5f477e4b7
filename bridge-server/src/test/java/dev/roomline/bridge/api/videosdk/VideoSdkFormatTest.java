package dev.roomline.bridge.api.videosdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.api.Aliases;
import dev.roomline.bridge.call.EndReason;
import dev.roomline.bridge.config.Declared.Webhook;
import dev.roomline.bridge.config.Secret;
import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.EventType;
import dev.roomline.bridge.event.Happening;
import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.store.DeliveryRow;
import dev.roomline.bridge.store.ServerKeys;
import dev.roomline.bridge.webhook.Format.Message;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VideoSdkFormatTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant RANG = Instant.parse("2026-11-21T12:00:02Z");
    private static final Instant ANSWER = Instant.parse("2026-11-21T12:00:07.5Z");
    private static final Instant END = Instant.parse("2026-11-21T12:01:00Z");

    private final Map<String, Secret> stored = new HashMap<>();
    private final ServerKeys store =
            (name, fresh) -> stored.computeIfAbsent(name, _ -> fresh.get());
    private final VideoSdkFormat format = new VideoSdkFormat(new WebhookKey(store));

    private static CallRow row(
            String direction, String state, @Nullable Instant answered, @Nullable EndReason end) {
        return new CallRow(
                "call_1",
                direction,
                state,
                "room_1",
                "part_1",
                "t",
                null,
                "+15550100",
                "+15550199",
                "Ann",
                null,
                "abc@host",
                START,
                answered,
                end == null ? null : END,
                end == null ? null : end.label(),
                end == null ? null : "nobody",
                0,
                null,
                "{}");
    }

    private List<Message> told(EventType type, CallRow row, String... events) {
        Instant rang =
                row.direction().equals("outbound") && type != EventType.CALL_DIALING ? RANG : null;
        Event event = new Event(1, "evt_x-1", END, new Happening.OfCall(type, row, rang));
        return format.messages(
                event,
                new Webhook(
                        "https://a.test/",
                        "videosdk",
                        Secret.NONE,
                        events.length == 0 ? List.of("*") : List.of(events),
                        Map.of(),
                        false));
    }

    private Message one(EventType type, CallRow row) {
        List<Message> all = told(type, row);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static Message expected(String event, String type, String status, String timelog) {
        return new Message(
                event,
                ("{'webhookType':'"
                                + event
                                + "','event':'"
                                + event
                                + "','data':{'callId':'call_1','type':'"
                                + type
                                + "','from':'+15550100','to':'+15550199','status':'"
                                + status
                                + "','roomId':'"
                                + Aliases.dashed12("room_1")
                                + "','timelog':["
                                + timelog
                                + "]}}")
                        .replace('\'', '"'),
                "call_1");
    }

    private static String at(String status, String time) {
        return "{'status':'%s','timestamp':'2026-11-21T%s'}".formatted(status, time);
    }

    private static final String INITIATED = at("initiated", "12:00:00Z");
    private static final String INCOMING = at("incoming", "12:00:00Z");
    private static final String RINGING = at("ringing", "12:00:02Z");
    private static final String ANSWERED = at("answered", "12:00:07.500Z");

    @Test
    void aCallThatIsPlacedStartsRingsIsAnsweredAndHungUp() {
        assertThat(one(EventType.CALL_DIALING, row("outbound", "dialing", null, null)))
                .isEqualTo(expected("call-started", "outbound", "initiated", INITIATED));
        assertThat(one(EventType.CALL_RINGING, row("outbound", "ringing", null, null)))
                .isEqualTo(
                        expected("call-ringing", "outbound", "ringing", INITIATED + "," + RINGING));
        assertThat(one(EventType.CALL_ANSWERED, row("outbound", "answered", ANSWER, null)))
                .isEqualTo(
                        expected(
                                "call-answered",
                                "outbound",
                                "answered",
                                String.join(",", INITIATED, RINGING, ANSWERED)));
        CallRow over = row("outbound", "ended", ANSWER, EndReason.HANGUP_CALLEE);
        assertThat(one(EventType.CALL_ENDED, over))
                .isEqualTo(
                        expected(
                                "call-hangup",
                                "outbound",
                                "ended",
                                String.join(
                                        ",",
                                        INITIATED,
                                        RINGING,
                                        ANSWERED,
                                        at("ended", "12:01:00Z"))));
    }

    @Test
    void aCallThatComesInStartsWhenItRings() {
        assertThat(one(EventType.CALL_RINGING, row("inbound", "ringing", null, null)))
                .isEqualTo(expected("call-started", "inbound", "incoming", INCOMING));
        CallRow gone = row("inbound", "ended", null, EndReason.CANCELLED);
        assertThat(one(EventType.CALL_ENDED, gone))
                .isEqualTo(
                        expected(
                                "call-missed",
                                "inbound",
                                "missed",
                                INCOMING + "," + at("missed", "12:01:00Z")));
    }

    @ParameterizedTest
    @CsvSource({
        "NO_ANSWER, call-missed, not-answered",
        "CANCELLED, call-missed, missed",
        "BUSY, call-hangup, rejected",
        "DECLINED, call-hangup, rejected",
        "NOT_FOUND, call-hangup, failed",
        "CARRIER_UNREACHABLE, call-hangup, failed",
        "SERVER_CRASHED, call-hangup, ended"
    })
    void howACallEndsIsSaidInTheWordsOfVideoSdk(EndReason reason, String event, String status) {
        Message told = one(EventType.CALL_ENDED, row("outbound", "ended", null, reason));
        assertThat(told.type()).isEqualTo(event);
        assertThat(told.body()).contains("\"status\":\"" + status + "\"");
    }

    @Test
    void everyEndingButThoseOfStrangersHasAStatus() {
        Set<EndReason> silent =
                EnumSet.of(EndReason.MALFORMED, EndReason.UNSUPPORTED, EndReason.UNAUTHENTICATED);
        for (EndReason reason : EndReason.values()) {
            CallRow row = row("inbound", "refused", null, reason);
            assertThat(told(EventType.CALL_REFUSED, row))
                    .as(reason.name().toLowerCase(Locale.ROOT))
                    .hasSize(silent.contains(reason) ? 0 : 1);
        }
    }

    @Test
    void aWebhookIsToldOfWhatItAskedForAndOfCallsAlone() {
        CallRow ringing = row("outbound", "ringing", null, null);
        assertThat(told(EventType.CALL_RINGING, ringing, "call-ringing")).hasSize(1);
        assertThat(told(EventType.CALL_RINGING, ringing, "call-started", "call-hangup")).isEmpty();
        Event trunk =
                new Event(
                        1, "evt_1", END, new Happening.OfTrunk(EventType.TRUNK_UP, "t", "up", ""));
        assertThat(
                        format.messages(
                                trunk,
                                new Webhook(
                                        "https://a.test/",
                                        "videosdk",
                                        Secret.NONE,
                                        List.of("*"),
                                        Map.of(),
                                        false)))
                .isEmpty();
    }

    @Test
    void theBodyIsSignedByTheKeyThatIsPublishedAndStays() throws Exception {
        byte[] body =
                "{\"event\":\"call-started\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        VideoSdkFormat again = new VideoSdkFormat(new WebhookKey(store));
        DeliveryRow delivery =
                new DeliveryRow(
                        "dlv_1",
                        "hook_1",
                        "evt_1",
                        "call-started",
                        "call_1",
                        "",
                        "waiting",
                        0,
                        START,
                        0,
                        "",
                        START,
                        null);
        Webhook hook =
                new Webhook(
                        "https://app.test/",
                        "videosdk",
                        Secret.NONE,
                        List.of("*"),
                        Map.of(),
                        false);
        String signature = again.headers(delivery, body, hook, START).get("videosdk-signature");
        Signature check = Signature.getInstance("SHA256withRSA");
        check.initVerify(read(new WebhookKey(store).pem()));
        check.update(body);
        assertThat(check.verify(Base64.getDecoder().decode(signature))).isTrue();
        assertThat(stored).hasSize(1);
    }

    /** PKCS #1 wrapped into the form that Java reads (RFC 8017 A.1.1 in RFC 5280 §4.1.2.7). */
    private static PublicKey read(String pem) throws Exception {
        List<String> lines = Arrays.asList(pem.split("\n"));
        assertThat(lines.getFirst()).isEqualTo("-----BEGIN RSA PUBLIC KEY-----");
        assertThat(lines.getLast()).isEqualTo("-----END RSA PUBLIC KEY-----");
        byte[] key =
                Base64.getDecoder().decode(String.join("", lines.subList(1, lines.size() - 1)));
        // of 2048 bits it has 270 octets, whatever the key
        assertThat(key).hasSize(270);
        byte[] head = HexFormat.of().parseHex("30820122300d06092a864886f70d01010105000382010f00");
        byte[] wrapped = Arrays.copyOf(head, head.length + key.length);
        System.arraycopy(key, 0, wrapped, head.length, key.length);
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(wrapped));
    }

    @Test
    void whatWasToldOfACallIsKnownByItsTypes() {
        assertThat(format.told(EventType.CALL_ANSWERED, Set.of("call-started"))).isFalse();
        assertThat(format.told(EventType.CALL_ANSWERED, Set.of("call-answered"))).isTrue();
        assertThat(format.told(EventType.CALL_ENDED, Set.of("call-answered"))).isFalse();
        assertThat(format.told(EventType.CALL_ENDED, Set.of("call-missed"))).isTrue();
        assertThat(format.told(EventType.CALL_ENDED, Set.of("call-hangup"))).isTrue();
    }
}
