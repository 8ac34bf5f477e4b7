package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.event.Event;
import dev.roomline.bridge.event.Happening;
import dev.roomline.media.loop.MediaRoom.Direction;
import dev.roomline.media.loop.MediaRoom.LegReport;
import dev.roomline.sip.endpoint.SipEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a call's life tells the API's readers of events, in order. */
final class CallNewsTest {
    private static final LegReport REPORT =
            new LegReport(
                    "path",
                    "none",
                    "PCMU",
                    "PCMU",
                    new Direction(500, 80_000, 0, 3.5, 1.5, 4.3),
                    new Direction(500, 80_000, -1, -1, -1, -1),
                    0.01,
                    41,
                    -40);

    private final CallBench bench = new CallBench();
    private final List<Happening> news = new ArrayList<>();

    @BeforeEach
    void listen() {
        bench.switchboard.tell(news::add);
        bench.rooms.tell(news::add);
    }

    private List<String> types() {
        return news.stream().map(happening -> happening.type().label()).toList();
    }

    private static JsonNode json(Happening happening) {
        return JsonMapper.shared().readTree(new Event(1, "evt_1", Instant.EPOCH, happening).json());
    }

    @Test
    void anAnsweredCallIsToldFromItsRingingToTheEndOfItsRoom() {
        bench.talking();
        bench.dialogOver(SipEvent.Cause.BYE_RECEIVED);
        assertThat(types())
                .containsExactly(
                        "call.ringing",
                        "room.started",
                        "call.answered",
                        "participant.joined",
                        "participant.left",
                        "room.ended",
                        "call.ended");
        String call = bench.stored.getFirst().id();
        for (Happening happening : news) {
            boolean ofRoom = happening instanceof Happening.OfRoom;
            assertThat(happening.room()).as(happening.type().label()).isEqualTo(CallBench.ROOM);
            assertThat(happening.call())
                    .as(happening.type().label())
                    .isEqualTo(ofRoom ? null : call);
        }
        JsonNode ended = json(news.getLast());
        assertThat(ended.at("/data/state").asString()).isEqualTo("ended");
        assertThat(ended.at("/data/end/reason").asString()).isEqualTo("hangup_caller");
        assertThat(ended.at("/data/answered_at").isString()).isTrue();
        assertThat(json(news.get(4)).at("/data/reason").asString()).isEqualTo("hangup_caller");
    }

    @Test
    void anAnsweredCallEndsWithHowItSounded() {
        CompletableFuture<Optional<LegReport>> report = new CompletableFuture<>();
        bench.media.report = report;
        bench.talking();
        bench.dialogOver(SipEvent.Cause.BYE_RECEIVED);
        assertThat(types()).as("before its media has said it").doesNotContain("call.ended");

        report.complete(Optional.of(REPORT));
        bench.signal.run();
        assertThat(types()).endsWith("call.ended");
        assertThat(news).filteredOn(told -> told.data().containsKey("quality")).hasSize(1);
        JsonNode quality = json(news.getLast()).at("/data/quality");
        assertThat(quality.at("/received/mos").asDouble()).isEqualTo(4.3);
        assertThat(quality.at("/received/concealed").asDouble()).isEqualTo(0.01);
        assertThat(quality.at("/sent/loss").isNull()).as("not known").isTrue();
        assertThat(quality.at("/rtt_ms").asDouble()).isEqualTo(41);
    }

    @Test
    void aCallWhoseMediaSaysNothingEndsWithout() {
        bench.media.report = CompletableFuture.failedFuture(new IllegalStateException("gone"));
        bench.talking();
        bench.dialogOver(SipEvent.Cause.BYE_RECEIVED);

        assertThat(types()).endsWith("call.ended");
        assertThat(news.getLast().data()).doesNotContainKey("quality");
    }

    @Test
    void aCallerWhoGivesUpIsToldAsAnEndedCallThatNobodyAnswered() {
        bench.invite(Invites.SDP);
        bench.letIn();
        bench.cancel(1);
        assertThat(types()).startsWith("call.ringing").endsWith("call.ended");
        assertThat(types()).doesNotContain("call.answered", "participant.joined");
        assertThat(json(news.getLast()).at("/data/end/reason").asString()).isEqualTo("cancelled");
        assertThat(json(news.getLast()).has("answered_at")).isFalse();
    }
}
