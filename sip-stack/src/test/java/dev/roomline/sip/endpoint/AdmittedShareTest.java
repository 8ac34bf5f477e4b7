package dev.roomline.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.sip.endpoint.SipInput.Standing;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is let in under overload, and that nobody can see to it that it is he. */
class AdmittedShareTest {
    private static final InetAddress CALLER = address(9);
    private static final InetAddress OTHER = address(10);

    private final AdmittedShare admitted = new AdmittedShare(new Random(7));
    private long nowNanos = 1_000_000_000L;
    private int branches;

    @Test
    void a_call_that_was_let_in_comes_through_with_credentials_though_the_share_has_shrunk() {
        admitted.set(0.5, 0.5);
        List<String> calls = letIn(0.5, CALLER);

        admitted.set(0, 0);

        assertThat(calls).hasSizeBetween(430, 570).allMatch(call -> letsIn(call, CALLER));
    }

    @Test
    void a_call_id_that_was_let_in_is_good_for_one_call_and_no_flood() {
        admitted.set(0.5, 0.5);
        String call = letIn(0.5, CALLER).getFirst();

        List<Boolean> more = IntStream.range(0, 50).mapToObj(i -> letsIn(call, CALLER)).toList();

        assertThat(more).containsSequence(true, true).filteredOn(in -> in).hasSize(2);
    }

    @Test
    void a_call_id_that_was_let_in_is_worth_no_more_than_another_to_another_source() {
        admitted.set(0.5, 0.5);
        List<String> calls = letIn(0.5, CALLER);

        assertThat(calls.stream().filter(call -> letsIn(call, OTHER)).count())
                .isBetween(calls.size() * 2L / 5, calls.size() * 3L / 5);
    }

    @Test
    void which_call_ids_are_let_in_changes_with_each_key_and_each_overload() {
        admitted.set(0.5, 0.5);
        List<String> calls = letIn(0.5, CALLER);

        nowNanos += 3 * AdmittedShare.KEY_LIFE_NANOS;
        letsIn("somebody else's", OTHER);
        nowNanos += 3 * AdmittedShare.KEY_LIFE_NANOS;
        List<String> still = calls.stream().filter(call -> letsIn(call, CALLER)).toList();
        assertThat(still).hasSizeBetween(calls.size() * 2 / 5, calls.size() * 3 / 5);

        admitted.set(1, 1);
        admitted.set(0.5, 0.5);
        assertThat(still.stream().filter(call -> letsIn(call, CALLER)).count())
                .isBetween(still.size() * 3L / 10, still.size() * 7L / 10);
    }

    @Test
    void the_same_invite_asked_twice_counts_once() {
        admitted.set(0.5, 0.5);
        String call = letIn(0.5, CALLER).getFirst();

        for (int i = 0; i < 20; i++) {
            assertThat(admitted.letsIn(call, "z9hG4bKsame", CALLER, Standing.STRANGER, nowNanos))
                    .isTrue();
        }
        assertThat(letsIn(call, CALLER)).isTrue();
    }

    @Test
    void what_it_remembers_is_bounded_and_gone_with_the_overload() {
        admitted.set(0.99, 0.99);
        for (int i = 0; i < 5 * AdmittedShare.MOST_CALLS; i++) {
            letsIn("call-" + i, CALLER);
            nowNanos += 1_000_000;
        }
        assertThat(admitted.remembered()).isBetween(1, 2 * AdmittedShare.MOST_CALLS);

        admitted.set(1, 1);

        assertThat(admitted.remembered()).isZero();
    }

    private List<String> letIn(double share, InetAddress source) {
        admitted.set(share, share);
        return IntStream.range(0, 1_000)
                .mapToObj(i -> "call-" + i)
                .filter(call -> letsIn(call, source))
                .toList();
    }

    private boolean letsIn(String callId, InetAddress source) {
        branches++;
        return admitted.letsIn(callId, "z9hG4bK" + branches, source, Standing.STRANGER, nowNanos);
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
