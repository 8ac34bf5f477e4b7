package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.roomline.bridge.call.Doorkeeper.Screening;
import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.SipEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the operator reads of a call's end, in the log and in the record. */
final class CallLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.roomline.call");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    private record Ending(String what, Consumer<CallBench> course, String reason, int sipStatus) {}

    @Test
    void theStatusInLogAndRecordIsWhatTheCallerWasToldInsteadOfA200() {
        List<Ending> table =
                List.of(
                        new Ending(
                                "hung up before its 200", CallLogTest::hungUp, "hangup_api", 480),
                        new Ending(
                                "cancelled",
                                call -> {
                                    call.letIn();
                                    call.cancel(1);
                                },
                                "cancelled",
                                487),
                        new Ending(
                                "refused by its media",
                                call -> {
                                    call.media.outcome =
                                            () -> FakeMedia.refused(Refusal.NO_COMMON_CODEC);
                                    call.admit();
                                },
                                "no_common_codec",
                                488),
                        new Ending(
                                "gone before its 200",
                                call -> {
                                    call.letIn();
                                    call.dialogOver(SipEvent.Cause.TRANSPORT_LOST);
                                },
                                "transport_lost",
                                0),
                        new Ending(
                                "an answer of no use after its 200",
                                call -> {
                                    call.admit();
                                    call.ack(null);
                                },
                                "no_common_codec",
                                0));
        for (Ending row : table) {
            lines.list.clear();
            CallBench call = new CallBench();
            call.invite(row.sipStatus() == 0 ? "" : Invites.SDP);
            row.course().accept(call);
            call.signal.run();
            assertThat(line()).as(row.what()).contains("reason=" + row.reason() + " ");
            assertThat(line()).as(row.what()).contains("sip_status=" + row.sipStatus() + " ");
            assertThat(call.stored.getLast().endSipStatus())
                    .as(row.what())
                    .isEqualTo(row.sipStatus());
        }
    }

    private static void hungUp(CallBench call) {
        CompletableFuture<Void> first = new CompletableFuture<>();
        call.store = () -> first;
        call.admit();
        call.switchboard.live().hangUp(call.stored.getFirst().id());
        call.signal.run();
        first.complete(null);
    }

    @Test
    void aRefusedCallsLineSaysFromWhereAndAsWhomItCame() {
        CallBench call = new CallBench();
        call.invite(Invites.SDP);
        call.door.complete(
                new Screening.Refused(
                        CallEnd.of(EndReason.NOT_ALLOWED),
                        new Caller(
                                "+15550100001",
                                "abc-defg-hij",
                                "Alice",
                                "",
                                Map.of(),
                                "trunk_7",
                                "alice",
                                null)));
        call.signal.run();
        assertThat(line())
                .startsWith("event=call_refused reason=not_allowed ")
                .contains(" source=192.0.2.7 transport=UDP account=alice ")
                .doesNotContain("15550100001");
        assertThat(lines.list.getLast().getMDCPropertyMap()).containsEntry("trunk", "trunk_7");
    }

    private String line() {
        return lines.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains("sip_status="))
                .reduce((first, last) -> last)
                .orElse("");
    }
}
