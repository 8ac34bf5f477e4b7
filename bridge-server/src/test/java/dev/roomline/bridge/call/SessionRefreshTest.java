package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.room.FakeMedia;
import dev.roomline.media.loop.MediaRoom.Outcome;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.SipEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A refresh of the session that is due, and whose offer has not left. Virtual time. */
@Tag("RFC4028§7.4")
final class SessionRefreshTest {
    private final CallBench call = new CallBench().talking();

    /** Its offer is being made when the phone's re-INVITE comes, for which ours makes way. */
    private CompletableFuture<Outcome> theirsGoesFirst() {
        call.media.outcome = CompletableFuture::new;
        call.raise(new SipEvent.RefreshDue(CallBench.DIALOG));
        CompletableFuture<Outcome> preparing = new CompletableFuture<>();
        call.media.outcome = () -> preparing;
        call.reinvite(2, "v=0 theirs");
        call.media.outcome = () -> FakeMedia.accepted("our sdp");
        return preparing;
    }

    @Test
    void itFollowsAReinviteOfThePhoneThatIsRefused() {
        CompletableFuture<Outcome> preparing = theirsGoesFirst();
        preparing.complete(FakeMedia.refused(Refusal.NO_COMMON_CODEC).toCompletableFuture().join());
        call.signal.run();
        assertThat(call.words()).containsExactly("488", "INVITE our sdp");
        call.response(200, "v=0 sendrecv");
        call.signal.pass(Duration.ofHours(1));
        assertThat(call.words()).as("once").hasSize(2);
    }

    @Test
    void itFollowsAReinviteOfThePhoneThatIsCancelled() {
        var _ = theirsGoesFirst();
        call.cancel(2);
        assertThat(call.words()).containsExactly("INVITE our sdp");
    }

    @Test
    void itIsMadeAgainWhereTheMediaCouldNotMakeIt() {
        call.media.outcome = () -> FakeMedia.refused(Refusal.OVERLOADED);
        call.raise(new SipEvent.RefreshDue(CallBench.DIALOG));
        assertThat(call.media.asked).containsExactly("propose", "abandon");
        call.media.outcome = () -> FakeMedia.accepted("our sdp");
        call.signal.pass(Duration.ofSeconds(2));
        assertThat(call.words()).containsExactly("INVITE our sdp");
    }

    @Test
    void aMediaThatNeverMakesItIsNotAskedForEver() {
        call.media.outcome = () -> FakeMedia.refused(Refusal.OVERLOADED);
        call.raise(new SipEvent.RefreshDue(CallBench.DIALOG));
        call.signal.pass(Duration.ofMinutes(10));
        assertThat(call.media.asked.stream().filter("propose"::equals)).hasSize(5);
        assertThat(call.ended).isEmpty();
    }
}
