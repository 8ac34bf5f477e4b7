package dev.roomline.sip.refer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.refer.Referral.Cause;
import dev.roomline.sip.refer.Referral.Input;
import dev.roomline.sip.refer.Referral.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a REFER of ours, in virtual time: each row a ladder of what came and followed.
 */
class ReferralTest {
    private final Referral referral = new Referral();
    private final List<String> became = new ArrayList<>();
    private final List<Integer> replies = new ArrayList<>();
    private long nowNanos;

    private void give(Input input) {
        referral.handle(
                input,
                nowNanos,
                new Referral.Outbox() {
                    @Override
                    public void reply(int status) {
                        replies.add(status);
                    }

                    @Override
                    public void became(Phase phase, Cause cause, @Nullable SipFrag said) {
                        String told = said == null ? "" : " " + said.status();
                        became.add(phase + (cause == Cause.NONE ? "" : " " + cause) + told);
                    }
                });
    }

    private void answered(int status) {
        give(new Input.Answered(status, "x"));
    }

    private void notified(int status) {
        notified("", false, status);
    }

    private void notified(String id, boolean over, int status) {
        SipFrag said = status == 0 ? null : SipFrag.of(status);
        give(new Input.Notified(new Notice(id, over, -1, "", said)));
    }

    private void pass(long seconds) {
        nowNanos += TimeUnit.SECONDS.toNanos(seconds);
        give(new Input.DeadlineReached());
    }

    @Test
    @Tag("RFC3515§2.4.4")
    void aBlindTransferThatSucceedsIsToldStepByStep() {
        answered(202);
        notified(100);
        notified(180);
        notified(183);
        notified("", true, 200);
        assertThat(became)
                .containsExactly(
                        "ACCEPTED", "TRYING 100", "RINGING 180", "TRANSFERRED ANSWERED 200");
        assertThat(replies).containsExactly(200, 200, 200, 200);
        assertThat(referral.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        notified("", true, 200);
        assertThat(became).hasSize(4);
        assertThat(replies.getLast()).as("a repeated end is taken").isEqualTo(200);
    }

    @Test
    void whoAnswersNobodyFailsItWithTheStatus() {
        answered(202);
        notified(100);
        notified("", true, 486);
        assertThat(became).last().isEqualTo("FAILED ANSWERED 486");
    }

    @Test
    void aRefusedReferFailsAtOnce() {
        answered(405);
        assertThat(became).containsExactly("FAILED REFUSED 405");
        notified(100);
        assertThat(replies).as("there is no subscription").containsExactly(481);
    }

    @Test
    @Tag("RFC3515§2.4.4")
    void aNotifyMayOvertakeThe202() {
        notified(100);
        notified(180);
        answered(202);
        notified("", true, 200);
        assertThat(became).containsExactly("TRYING 100", "RINGING 180", "TRANSFERRED ANSWERED 200");
    }

    @Test
    @Tag("RFC6665§4.1.2.4")
    @Tag("RFC6665§4.1.3")
    void withoutAnyNotifyNobodyKnows() {
        answered(202);
        pass(31);
        assertThat(became).containsExactly("ACCEPTED");
        pass(1);
        assertThat(became).last().isEqualTo("UNKNOWN SILENCE");
        notified("", true, 200);
        assertThat(replies).as("given up").containsExactly(481);
        assertThat(became).hasSize(2);
    }

    @Test
    void aTrickleOfNewsIsWaitedFor() {
        answered(202);
        notified(100);
        pass(170);
        notified(180);
        pass(170);
        assertThat(referral.phase()).isEqualTo(Phase.RINGING);
        pass(10);
        assertThat(became).last().isEqualTo("UNKNOWN SILENCE");
    }

    @Test
    void aSubscriptionThatSaysItIsShortIsNotWaitedForForMinutes() {
        answered(202);
        give(new Input.Notified(new Notice("", false, 5, "", SipFrag.of(100))));
        pass(59);
        assertThat(referral.phase()).isEqualTo(Phase.TRYING);
        pass(1);
        assertThat(referral.phase()).isEqualTo(Phase.UNKNOWN);
    }

    @Test
    void aSubscriptionThatEndsWithoutAnEndLeavesItOpen() {
        answered(202);
        notified("", true, 180);
        assertThat(became).last().isEqualTo("UNKNOWN STOPPED 180");
    }

    @Test
    void aByeThatCrossesTheNewsLeavesItOpen() {
        answered(202);
        notified(100);
        give(new Input.HungUp());
        assertThat(became).last().isEqualTo("UNKNOWN HUNG_UP");
        give(new Input.HungUp());
        assertThat(became).hasSize(3);
    }

    @Test
    @Tag("RFC3515§2.4.6")
    void newsOfAnotherReferAreNotItsOwn() {
        answered(202);
        notified("7", false, 100);
        notified("8", true, 200);
        assertThat(replies).containsExactly(200, 481);
        assertThat(referral.phase()).isEqualTo(Phase.TRYING);
        notified("7", true, 603);
        assertThat(became).last().isEqualTo("FAILED ANSWERED 603");
    }
}
