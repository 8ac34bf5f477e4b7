package dev.roomline.sip.refer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.refer.ReferSubscription.Input;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a peer whose REFER we took is told, in virtual time. */
class ReferSubscriptionTest {
    private final List<String> sent = new ArrayList<>();
    private final ReferSubscription.Outbox outbox =
            (headers, body) ->
                    sent.add(
                            headers.stream()
                                            .map(HeaderField::value)
                                            .collect(Collectors.joining(" | "))
                                    + " | "
                                    + new String(body.bytes(), StandardCharsets.UTF_8).strip());
    private long nowNanos;

    private ReferSubscription begun(@Nullable Long id) {
        return new ReferSubscription(id, nowNanos, outbox);
    }

    private void give(ReferSubscription to, Input input) {
        to.handle(input, nowNanos, outbox);
    }

    private void became(ReferSubscription to, int status) {
        give(to, new Input.Progressed(SipFrag.of(status)));
    }

    private void taken(ReferSubscription to) {
        give(to, new Input.Answered(200));
    }

    @Test
    @Tag("RFC6665§4.2.1.2")
    @Tag("RFC3515§2.4.5")
    void theFirstNotifyLeavesAtOnceAndTheLastEndsIt() {
        ReferSubscription told = begun(null);
        taken(told);
        nowNanos += TimeUnit.SECONDS.toNanos(2);
        became(told, 180);
        taken(told);
        became(told, 180);
        became(told, 200);
        assertThat(sent)
                .containsExactly(
                        "refer | active;expires=180 | SIP/2.0 100 Trying",
                        "refer | active;expires=178 | SIP/2.0 180 Ringing",
                        "refer | terminated;reason=noresource | SIP/2.0 200 OK");
        assertThat(told.isOver()).isTrue();
        assertThat(told.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        became(told, 486);
        taken(told);
        assertThat(sent).hasSize(3);
    }

    @Test
    @Tag("RFC3515§2.4.6")
    void aSecondReferOfADialogIsNamed() {
        begun(93_809_823L);
        assertThat(sent.getFirst()).startsWith("refer;id=93809823 | ");
    }

    @Test
    void noNotifyOvertakesAnother() {
        ReferSubscription told = begun(null);
        became(told, 180);
        became(told, 183);
        became(told, 603);
        assertThat(sent).hasSize(1);
        taken(told);
        assertThat(sent).hasSize(2);
        assertThat(sent.getLast()).endsWith("terminated;reason=noresource | SIP/2.0 603 Decline");
    }

    @Test
    @Tag("RFC6665§4.2.2")
    void whoDoesNotListenIsToldNoMore() {
        ReferSubscription told = begun(null);
        give(told, new Input.Answered(481));
        became(told, 200);
        assertThat(sent).hasSize(1);
        assertThat(told.isOver()).isTrue();
    }

    @Test
    void itEndsByTime() {
        ReferSubscription told = begun(null);
        taken(told);
        nowNanos = told.nextDeadlineNanos() - 1;
        give(told, new Input.DeadlineReached());
        assertThat(sent).hasSize(1);
        nowNanos++;
        give(told, new Input.DeadlineReached());
        assertThat(sent.getLast())
                .isEqualTo("refer | terminated;reason=timeout | SIP/2.0 100 Trying");
        assertThat(told.isOver()).isTrue();
    }

    @Test
    void withTheDialogItIsOver() {
        ReferSubscription told = begun(null);
        give(told, new Input.HungUp());
        became(told, 200);
        assertThat(sent).hasSize(1);
    }
}
