package dev.roomline.bridge.api;

import static dev.roomline.bridge.api.ApiServer.ADMIN;
import static dev.roomline.bridge.api.ApiServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.store.CallRow;
import dev.roomline.bridge.trace.Redaction;
import dev.roomline.bridge.trace.TraceJson;
import dev.roomline.bridge.trace.TraceSnapshot;
import dev.roomline.media.loop.MediaRoom.BlackBox;
import dev.roomline.sip.endpoint.Hop;
import dev.roomline.sip.endpoint.TransportKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Why a call became what it became, over HTTP: of living calls and of those in the store. */
final class TracesApiTest {
    private static final Instant NOON = ApiServer.NOON;
    private static final String PATH = "/v1/calls/call_1/trace";
    @AutoClose private final ApiServer api;

    TracesApiTest(@TempDir Path folder) {
        api = new ApiServer(folder);
    }

    static TraceSnapshot trace() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5071);
        Hop hop = new Hop(TransportKind.UDP, address, address, 0);
        byte[] invite =
                "INVITE sip:a@b SIP/2.0\r\nAuthorization: Digest response=\"5ecret\"\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8);
        byte[] refusal = "SIP/2.0 403 Forbidden\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        return new TraceSnapshot(
                NOON,
                List.of(
                        new TraceSnapshot.Decision(
                                2, NOON.plusNanos(1_500_000), "trunk", "no trunk allows it")),
                0,
                List.of(
                        new TraceSnapshot.Message(1, NOON, true, hop, invite, invite.length, 0),
                        new TraceSnapshot.Message(
                                3, NOON.plusMillis(2), false, hop, refusal, refusal.length, 0),
                        new TraceSnapshot.Message(
                                4, NOON.plusMillis(500), true, hop, invite, invite.length, 1)),
                7,
                Optional.of(
                        new BlackBox(
                                "roomline-leg-1",
                                1500,
                                30.0,
                                new byte[] {1, 2, 3},
                                Map.of("lost", 7))));
    }

    @Test
    void aLivingCallShowsItsDecisionsAndItsMessagesInOneOrder() {
        api.calls.calls.put("call_1", ApiServer.call("call_1", "ringing"));
        api.calls.traces.put("call_1", trace());
        JsonNode trace = json(api.get(PATH));
        assertThat(trace.at("/call/id").asString()).isEqualTo("call_1");
        assertThat(trace.at("/call/sip_call_id").asString()).isEqualTo("abc@host");
        assertThat(trace.get("end").isNull()).isTrue();
        assertThat(trace.get("kept").asString()).isEqualTo("all");
        assertThat(trace.at("/decisions/0/about").asString()).isEqualTo("trunk");
        assertThat(trace.at("/decisions/0/at").asString()).isEqualTo("2026-11-21T12:00:00.001500Z");
        assertThat(trace.get("messages"))
                .extracting(m -> m.get("n").asInt() + " " + m.get("direction").asString())
                .containsExactly("1 received", "3 sent", "4 received");
        assertThat(trace.at("/messages/2/repeats").asInt()).isEqualTo(1);
        assertThat(trace.at("/left_out/messages").asInt()).isEqualTo(7);
        assertThat(trace.toString()).doesNotContain("5ecret");
    }

    @Test
    void theLadderReadsTopDownWithTheDecisionsBetweenTheArrows() {
        api.calls.calls.put("call_1", ApiServer.call("call_1", "ringing"));
        api.calls.traces.put("call_1", trace());
        HttpResponse<String> answer = as("text/plain");
        assertThat(answer.headers().firstValue("content-type"))
                .contains("text/plain; charset=utf-8");
        assertThat(answer.body().lines())
                .containsSubsequence(
                        "      +0.0 ms  udp 127.0.0.1:5071         ──▶  INVITE sip:a@b SIP/2.0",
                        "      +1.5 ms                                 trunk: no trunk allows it",
                        "      +2.0 ms  udp 127.0.0.1:5071         ◀──  SIP/2.0 403 Forbidden",
                        "    +500.0 ms  udp 127.0.0.1:5071         ──▶  INVITE sip:a@b SIP/2.0  (again)",
                        "Left out between the first and the last: 7 messages, 0 decisions.",
                        "  | INVITE sip:a@b SIP/2.0",
                        "  | Authorization: Digest response=\"…\"");
    }

    @Test
    void anEndedCallsTraceComesFromTheStore() {
        api.store.calls().put(ended(), new TraceJson(new Redaction(List.of())).stored(trace()));
        JsonNode trace = json(api.get(PATH));
        assertThat(trace.at("/end/reason").asString()).isEqualTo("not_allowed");
        assertThat(trace.at("/end/sip_status").asInt()).isEqualTo(403);
        assertThat(trace.get("kept").asString()).isEqualTo("all");
        assertThat(trace.get("messages")).hasSize(3);
        assertThat(trace.at("/media/black_box/format").asString()).isEqualTo("roomline-leg-1");
        assertThat(trace.at("/media/black_box/lost").asInt()).isEqualTo(7);
        assertThat(trace.at("/media/black_box/data").asString()).isEqualTo("AQID");
        assertThat(as("text/plain").body())
                .contains(
                        "ended: not_allowed, culprit caller, SIP status 403", "It may not enter.");
    }

    @Test
    void whereMessagesWereNotKeptTheDecisionsStillTell() {
        api.store.calls().put(ended());
        JsonNode trace = json(api.get(PATH));
        assertThat(trace.get("kept").asString()).isEqualTo("decisions");
        assertThat(trace.get("decisions")).hasSize(1);
        assertThat(trace.get("messages")).isEmpty();
        assertThat(as("text/plain").body()).contains("were not kept", "room: nobody may enter");
    }

    @Test
    void tracesGoAfterTheirTimeAndTheirCallsStay() {
        api.store.calls().put(ended(), new TraceJson(new Redaction(List.of())).stored(trace()));
        assertThat(api.store.calls().deleteTracesEndedBefore(NOON)).isZero();
        assertThat(api.store.calls().deleteTracesEndedBefore(NOON.plusSeconds(2))).isEqualTo(1);
        assertThat(json(api.get(PATH)).get("kept").asString()).isEqualTo("decisions");
        api.store.calls().put(ended(), "{}");
        assertThat(api.store.calls().deleteEndedBefore(NOON.plusSeconds(2))).isEqualTo(1);
        assertThat(api.store.calls().trace("call_1")).isEmpty();
    }

    @Test
    void whatIsNotKeptOrNotKnownIs404AndSaysWhich() {
        api.store.calls().put(ApiServer.call("call_1", "answered"));
        HttpResponse<String> none = api.get(PATH);
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(none.body()).contains("calls.trace");
        HttpResponse<String> unknown = api.get("/v1/calls/call_9/trace");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("no such call");
    }

    private record Wanted(String accept, int status, String type) {}

    @Test
    void theClientChoosesAmongWhatIsServed() {
        api.calls.calls.put("call_1", ApiServer.call("call_1", "ringing"));
        api.calls.traces.put("call_1", trace());
        List<Wanted> table =
                List.of(
                        new Wanted("*/*", 200, "application/json"),
                        new Wanted("application/json", 200, "application/json"),
                        new Wanted("text/*", 200, "text/plain"),
                        new Wanted("TEXT/PLAIN", 200, "text/plain"),
                        new Wanted("application/json;q=0.5, text/plain", 200, "text/plain"),
                        new Wanted("text/html, */*;q=0.1", 200, "application/json"),
                        new Wanted("*/*, application/json;q=0", 200, "text/plain"),
                        new Wanted(
                                "application/vnd.tcpdump.pcap",
                                200,
                                "application/vnd.tcpdump.pcap"),
                        new Wanted("text/plain;q=0", 406, "application/problem+json"),
                        new Wanted("text/plain;q=nonsense", 406, "application/problem+json"),
                        new Wanted(";;,,=", 406, "application/problem+json"));
        for (Wanted row : table) {
            HttpResponse<String> answer = as(row.accept());
            assertThat(answer.statusCode()).as(row.accept()).isEqualTo(row.status());
            assertThat(answer.headers().firstValue("content-type").orElse(""))
                    .as(row.accept())
                    .startsWith(row.type());
        }
        assertThat(as("image/png").body())
                .contains("application/json", "text/plain", "application/vnd.tcpdump.pcap");
    }

    @Test
    void aTraceWantsTheScopeOfCalls() {
        assertThat(api.send("GET", PATH, "", "", "").statusCode()).isEqualTo(401);
        assertThat(api.send("GET", PATH, ApiServer.CALLER, "", "").statusCode()).isEqualTo(404);
        assertThat(api.send("GET", PATH, ApiServer.READER, "", "").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> as(String accept) {
        return api.send("GET", PATH, ADMIN, "", "", "Accept", accept);
    }

    private static CallRow ended() {
        return new CallRow(
                "call_1",
                "inbound",
                "refused",
                "room_1",
                null,
                null,
                "desk",
                "alice",
                "abc-defg-hij",
                "Ann",
                null,
                "abc@host",
                NOON,
                null,
                NOON.plusSeconds(1),
                "not_allowed",
                "caller",
                403,
                "It may not enter.",
                "{\"decisions\":[{\"n\":2,\"at\":\"2026-11-21T12:00:00.5Z\",\"about\":\"room\","
                        + "\"text\":\"nobody may enter\"}]}");
    }
}
