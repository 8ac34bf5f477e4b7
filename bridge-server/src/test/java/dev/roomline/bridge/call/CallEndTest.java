package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.HeaderField;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class CallEndTest {

    @Test
    @Tag("RFC3326§2")
    void everyReasonCanRefuseAndCanEndWithByeAndSaysWhy() {
        for (EndReason reason : EndReason.values()) {
            CallEnd end = CallEnd.of(reason);
            assertThat(end.refusalStatus()).as(reason.label()).isBetween(400, 699);
            HeaderField first = end.headers().getFirst();
            assertThat(first.name()).isEqualTo("Reason");
            assertThat(first.value())
                    .as(reason.label())
                    .matches("Q\\.850;cause=[0-9]{1,3};text=\"[^\"]+\"");
        }
    }

    @Test
    void refusalsCarryWhatTheContractAsksFor() {
        assertThat(CallEnd.of(EndReason.UNKNOWN_ROOM).refusalStatus()).isEqualTo(404);
        assertThat(CallEnd.of(EndReason.ROOM_FULL).refusalStatus()).isEqualTo(486);
        assertThat(CallEnd.of(EndReason.NOT_ALLOWED).refusalStatus()).isEqualTo(403);
        assertThat(CallEnd.of(EndReason.ROOM_ENDED).refusalStatus()).isEqualTo(404);
        assertThat(CallEnd.of(EndReason.HANGUP_API).refusalStatus()).isEqualTo(480);
        CallEnd busy = CallEnd.unavailable(EndReason.DRAINING, "later", Duration.ofSeconds(5));
        assertThat(busy.refusalStatus()).isEqualTo(503);
        assertThat(busy.headers()).contains(new HeaderField("Retry-After", "5"));
        CallEnd codec = CallEnd.notAcceptable(EndReason.NO_COMMON_CODEC, 305, "only \"G.729\"");
        assertThat(codec.refusalStatus()).isEqualTo(488);
        assertThat(codec.headers())
                .contains(new HeaderField("Warning", "305 roomline \"only \\\"G.729\\\"\""));
    }

    @Test
    void textFromPeersCannotBreakOutOfItsHeader() {
        CallEnd end = CallEnd.of(EndReason.TRANSPORT_LOST, "a\r\nEvil: yes\\\"");
        assertThat(end.headers().getFirst().value())
                .isEqualTo("Q.850;cause=41;text=\"a  Evil: yes\\\\\\\"\"");
    }
}
