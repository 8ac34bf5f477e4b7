package dev.roomline.bridge.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class BellTest {
    private final Bell bell = new Bell();

    /** Rests after a look in which somebody rang and the thread waited for something else. */
    private void look() {
        bell.look();
        bell.ring();
        LockSupport.unpark(Thread.currentThread());
        LockSupport.parkNanos(1_000_000);
        bell.rest();
    }

    @Test
    void aRingDuringALookIsHeardThoughTheLookItselfWaited() throws InterruptedException {
        Thread looking = Thread.ofVirtual().start(this::look);

        assertThat(looking.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void whatWasRungBeforeALookDoesNotEndTheRestAfterIt() throws InterruptedException {
        bell.ring();
        bell.ring();
        bell.look();
        Thread resting = Thread.ofVirtual().start(bell::rest);

        assertThat(resting.join(Duration.ofMillis(50))).isFalse();
        bell.ring();
        assertThat(resting.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void aRestEndsByItselfWhereNobodyRings() throws InterruptedException {
        Thread resting = Thread.ofVirtual().start(() -> bell.rest(Duration.ofMillis(1)));

        assertThat(resting.join(Duration.ofSeconds(10))).isTrue();
    }
}
